import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdentityReader } from '#identity';
import {
  type CommandContext,
  cursorRefused,
  decodeCursor,
  defaultLimit,
  httpError,
  idBytes,
  idText,
  isDuplicateKey,
  isId,
  newId,
  type PageQuery,
  toPage,
  type Transaction,
  UnitOfWork,
} from '#platform';
import type { BranchState } from '../domain/anchor.js';
import { receivableError } from '../domain/errors.js';
import { groupBy } from '../domain/group-by.js';
import { AnchorBranch } from '../persistence/entities.js';
import { branchView } from './anchor-views.js';
import { assertVersion, lockAnchor, recordAnchorHistory } from './anchors.js';

export interface BranchInput {
  readonly code: string;
  readonly name: string;
  readonly people?: readonly string[];
}

export interface BranchChanges {
  readonly name?: string;
  readonly status?: BranchState;
  /** Everybody who works for the branch; a person named for a branch works for no receivable outside of its branches. */
  readonly people?: readonly string[];
}

/** The branches of an anchor and their makers and checkers. */
@Injectable()
export class Branches {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
  ) {}

  async add(context: CommandContext, { code, name, people = [] }: BranchInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const anchorId = context.actor.organisationId;
      await lockAnchor(tx, anchorId);
      const branch: AnchorBranch = {
        id: newId(),
        anchorId,
        code,
        name,
        status: 'open',
        version: 1,
        createdAt: await tx.now(),
      };
      await tx.manager.insert(AnchorBranch, branch).catch((error: unknown) => {
        throw isDuplicateKey(error) ? receivableError('branch_exists') : error;
      });
      await this.assign(tx, branch, people);
      await this.record(tx, branch, 'add', null, { code, name, people });
      return branchView(branch, people);
    });
  }

  async change(context: CommandContext, branchId: string, version: number, changes: BranchChanges) {
    return this.unitOfWork.run(context, async (tx) => {
      const anchorId = context.actor.organisationId;
      await lockAnchor(tx, anchorId);
      const before = await tx.manager.findOneBy(AnchorBranch, { id: branchId, anchorId });
      if (!before) throw httpError('record_unknown');
      assertVersion(before.version, version);
      const { people, ...fields } = changes;
      const after: AnchorBranch = { ...before, ...fields, version: version + 1 };
      await tx.manager.update(AnchorBranch, { id: branchId }, { ...fields, version: after.version });
      if (people) await this.assign(tx, after, people);
      await this.record(tx, after, 'change', before.status, { ...changes });
      return branchView(after, people ?? (await this.peopleOf([branchId])).get(branchId) ?? []);
    });
  }

  async list(anchorId: string, { limit = defaultLimit, cursor }: PageQuery) {
    const [after] = decodeCursor(cursor, 1) ?? [];
    if (after !== undefined && !isId(after)) throw cursorRefused();
    const rows = await this.dataSource.query<(Omit<AnchorBranch, 'id' | 'anchorId' | 'createdAt'> & { id: Buffer })[]>(
      `SELECT id, code, name, status, version FROM anchor_branch WHERE anchor_id = ?${after === undefined ? '' : ' AND id > ?'}
       ORDER BY id LIMIT ?`,
      [idBytes(anchorId), ...(after === undefined ? [] : [idBytes(after)]), limit + 1],
    );
    const branches = rows.map((row) => ({ ...row, id: idText(row.id) }));
    const people = await this.peopleOf(branches.map(({ id }) => id));
    return toPage(
      branches,
      limit,
      ({ id }) => [id],
      ({ id, code, name, status, version }) => ({ id, code, name, status, people: people.get(id) ?? [], version }),
    );
  }

  private async assign(tx: Transaction, { id, anchorId }: AnchorBranch, people: readonly string[]): Promise<void> {
    const members = new Set((await this.identity.people(anchorId, undefined, tx)).map(({ personId }) => personId));
    const stranger = people.findIndex((personId) => !members.has(personId));
    if (stranger >= 0)
      throw receivableError('branch_person_unknown', {
        fields: [{ pointer: `/people/${stranger}`, rule: 'known', message: 'does not work for the anchor' }],
      });
    await tx.execute('DELETE FROM anchor_branch_person WHERE branch_id = ?', [idBytes(id)]);
    await tx.insertRows(
      'anchor_branch_person',
      ['branch_id', 'person_id', 'anchor_id'],
      [...new Set(people)].map((personId) => [idBytes(id), idBytes(personId), idBytes(anchorId)]),
    );
  }

  private async peopleOf(branchIds: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
    if (branchIds.length === 0) return new Map();
    const rows = await this.dataSource.query<{ branch_id: Buffer; person_id: Buffer }[]>(
      `SELECT branch_id, person_id FROM anchor_branch_person WHERE branch_id IN (${branchIds.map(() => '?').join(',')})`,
      branchIds.map(idBytes),
    );
    const groups = groupBy(rows, (row) => idText(row.branch_id));
    return new Map([...groups].map(([id, group]) => [id, group.map((row) => idText(row.person_id))]));
  }

  private async record(tx: Transaction, branch: AnchorBranch, action: string, from: string | null, data: object) {
    const { id, anchorId, status } = branch;
    await recordAnchorHistory(
      tx,
      { subjectType: 'branch', subjectId: id, anchorId, action, from, to: status },
      await tx.now(),
    );
    tx.audit({ action: `anchor_branch.${action}`, subjectType: 'anchor_branch', subjectId: id, data: { ...data } });
  }
}
