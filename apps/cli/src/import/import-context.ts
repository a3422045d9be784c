import { type OrganisationKind, permissionsOf, rolesByKind } from '#identity';
import { defineErrors } from '#kernel';
import { type CommandContext, systemContext } from '#platform';

export const importError = defineErrors({
  import_organisation_unknown: {
    kind: 'not_found',
    title: 'No organisation of this kind has this registration number.',
    next: 'Register it first, or correct the number.',
  },
  import_file_missing: {
    kind: 'not_found',
    title: 'A file that the row names cannot be read.',
    next: 'Put it beside the table, or correct its name.',
  },
});

/**
 * The import acting for an organisation. The record says that it was the import and not a person: so it may prepare, and
 * what needs a checker waits for one.
 */
export function importContext(kind: OrganisationKind, organisationId: string, noun: string): CommandContext {
  const context = systemContext(`import.${noun}`);
  const permissions = permissionsOf(kind, Object.keys(rolesByKind[kind]));
  return { ...context, actor: { ...context.actor, organisationId, organisationKind: kind, permissions } };
}
