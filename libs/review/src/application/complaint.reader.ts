import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, defaultLimit, idBytes, type Page, toPage } from '#platform';
import { reviewError } from '../domain/errors.js';
import {
  type Complaint,
  type ComplaintInformation,
  complaintOfRow,
  informationOfRow,
  selectComplaints,
  selectInformation,
} from '../persistence/complaint.store.js';

/** A complaint with what was asked about it. */
export interface ComplaintWithInformation extends Complaint {
  readonly information: readonly ComplaintInformation[];
}

/** Complaints and appeals as their own organisation, or the operator, sees them. */
@Injectable()
export class ComplaintReader {
  constructor(private readonly dataSource: DataSource) {}

  async own(
    organisationId: string,
    page: { limit?: number | undefined; cursor?: string | undefined },
  ): Promise<Page<Complaint>> {
    const limit = page.limit ?? defaultLimit;
    const after = decodeCursor(page.cursor, 1);
    const rows = await this.dataSource.query<object[]>(
      `${selectComplaints} WHERE organisation_id = ?${after ? ' AND id < ?' : ''} ORDER BY id DESC LIMIT ?`,
      [idBytes(organisationId), ...(after ? [idBytes(String(after[0]))] : []), limit + 1],
    );
    return toPage(
      rows.map(complaintOfRow),
      limit,
      ({ id }) => [id],
      (complaint) => complaint,
    );
  }

  /** One complaint. With `organisationId`, another's does not exist. */
  async one(id: string, organisationId?: string): Promise<ComplaintWithInformation> {
    const [row] = await this.dataSource.query<object[]>(`${selectComplaints} WHERE id = ?`, [idBytes(id)]);
    const found = row && complaintOfRow(row);
    if (!found || (organisationId !== undefined && found.organisationId !== organisationId))
      throw reviewError('complaint_unknown');
    const information = await this.dataSource.query<object[]>(selectInformation, [idBytes(id)]);
    return { ...found, information: information.map(informationOfRow) };
  }
}
