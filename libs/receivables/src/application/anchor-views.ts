import { idText } from '#platform';
import type { AnchorBranch, AnchorProfile, AnchorSupplier } from '../persistence/entities.js';

export function anchorView(profile: AnchorProfile) {
  const { id, kind, visibility, taxId, about, website, status, confirmationsStoppedAt, reviewCaseId, version } =
    profile;
  return {
    id,
    kind,
    visibility,
    taxId,
    about,
    website,
    status,
    confirmationsStoppedAt: confirmationsStoppedAt?.toISOString() ?? null,
    reviewCaseId,
    version,
  };
}

export function branchView({ id, code, name, status, version }: AnchorBranch, people: readonly string[]) {
  return { id, code, name, status, people, version };
}

export function supplierView(supplier: AnchorSupplier) {
  const { id, supplierId, country, registrationNumber, name, reference, status, version } = supplier;
  return { id, supplierId, country, registrationNumber, name, reference, status, version };
}

export interface SupplierRow {
  readonly id: Buffer;
  readonly supplier_id: Buffer | null;
  readonly country: string;
  readonly registration_number: string;
  readonly name: string;
  readonly reference: string;
  readonly status: AnchorSupplier['status'];
  readonly version: number;
}

export const supplierRowView = (row: SupplierRow) => ({
  id: idText(row.id),
  supplierId: row.supplier_id && idText(row.supplier_id),
  country: row.country,
  registrationNumber: row.registration_number,
  name: row.name,
  reference: row.reference,
  status: row.status,
  version: row.version,
});
