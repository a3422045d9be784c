import { Inject, Injectable } from '@nestjs/common';
import { IdentityReader, type Recipient } from '#identity';
import { ENVIRONMENT, type Environment, idBytes, newId, type Transaction } from '#platform';
import { businessCalendars } from '#platform/rulebooks';
import type { NoticeRequest } from './notify.js';
import { languageOf, render } from '../domain/render.js';
import type { Channel, Language, Template, Wording } from '../domain/template.js';
import { templates } from '../domain/templates/index.js';
import { refusedChannels } from '../persistence/notice.store.js';

interface Told {
  readonly person: Recipient;
  readonly language: Language;
  readonly wording: Wording;
}

/** Works out who is told, writes each in their own language, and hands e-mails to the mail loop. */
@Injectable()
export class WriteNotices {
  private readonly timeZone: string;

  constructor(
    private readonly identity: IdentityReader,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.timeZone = businessCalendars().get(environment.country)?.definition.timeZone ?? 'UTC';
  }

  async within(tx: Transaction, request: NoticeRequest): Promise<void> {
    const template: Template = templates[request.template];
    const people = await this.addressees(tx, request);
    const { delivery } = template;
    const confidential = delivery === 'confidential';
    const refused = delivery
      ? new Set<string>()
      : await refusedChannels(
          tx,
          people.map(({ personId }) => personId),
          template.topic,
        );
    const told = people.map((person): Told => {
      const language = languageOf(person.locale);
      return { person, language, wording: render(template, language, request.parameters ?? {}, this.timeZone) };
    });
    const by = (channel: Channel) => told.filter(({ person }) => !refused.has(`${person.personId} ${channel}`));
    const now = await tx.now();
    await tx.insertRows(
      'notice',
      ['id', 'person_id', 'topic', 'template', 'language', 'title', 'body', 'link', 'created_at'],
      (confidential ? [] : by('in_app')).map(({ person, language, wording }) => [
        idBytes(newId()),
        idBytes(person.personId),
        template.topic,
        request.template,
        language,
        wording.title,
        wording.body,
        request.link ?? null,
        now,
      ]),
    );
    await tx.insertRows(
      'mail',
      ['id', 'person_id', 'address', 'language', 'subject', 'body', 'link', 'confidential', 'due_at', 'created_at'],
      by('email').map(({ person, language, wording }) => [
        idBytes(newId()),
        idBytes(person.personId),
        person.email,
        language,
        wording.title,
        wording.body,
        request.link ?? null,
        confidential,
        now,
        now,
      ]),
    );
  }

  private async addressees(tx: Transaction, request: NoticeRequest): Promise<readonly Recipient[]> {
    if ('personId' in request) {
      const person = await this.identity.person(request.personId, tx);
      return person ? [person] : [];
    }
    if ('organisationId' in request) return this.identity.people(request.organisationId, request.roles, tx);
    return this.identity.peopleOfKind('operator', request.roles, tx);
  }
}
