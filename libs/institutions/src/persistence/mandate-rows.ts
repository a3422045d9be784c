import { idText } from '#platform';
import type { MandateRecord } from '../domain/mandate.js';

/** The columns of a mandate in our own SQL, for the reads that an entity would slow down. */
export const mandateColumns = `m.id, m.financier_id, m.reference, m.name, m.status, m.product_kinds, m.currency,
  m.amount_min, m.amount_max, m.tenor_min, m.tenor_max, m.sectors, m.regions, m.size_classes, m.age_bands,
  m.grade_floor, m.collateral, m.offers_shariah, m.shariah_only, m.women_led_only, m.rural_only, m.valid_from,
  m.valid_to, m.limits_approved, m.per_enterprise_minor, m.per_anchor_minor, m.monthly_appetite_minor, m.version`;

/** JSON columns come as text from MariaDB and parsed from MySQL. */
type Json = string | string[];

export interface MandateSqlRow {
  readonly id: Buffer;
  readonly financier_id: Buffer;
  readonly reference: string;
  readonly name: string;
  readonly status: MandateRecord['status'];
  readonly product_kinds: Json;
  readonly currency: string;
  readonly amount_min: string;
  readonly amount_max: string;
  readonly tenor_min: number;
  readonly tenor_max: number;
  readonly sectors: Json;
  readonly regions: Json;
  readonly size_classes: Json;
  readonly age_bands: Json;
  readonly grade_floor: MandateRecord['gradeFloor'];
  readonly collateral: Json;
  readonly offers_shariah: number;
  readonly shariah_only: number;
  readonly women_led_only: number;
  readonly rural_only: number;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly limits_approved: number;
  readonly per_enterprise_minor: string | null;
  readonly per_anchor_minor: string | null;
  readonly monthly_appetite_minor: string | null;
  readonly version: number;
}

const none: readonly never[] = [];

function words<T extends string>(value: Json): readonly T[] {
  if (value === '[]') return none;
  return (typeof value === 'string' ? JSON.parse(value) : value) as readonly T[];
}

const minor = (value: string | null): bigint | null => (value === null ? null : BigInt(value));

export function mandateOf(row: MandateSqlRow): MandateRecord {
  return {
    id: idText(row.id),
    financierId: idText(row.financier_id),
    reference: row.reference,
    name: row.name,
    status: row.status,
    productKinds: words(row.product_kinds),
    currency: row.currency,
    amountMin: BigInt(row.amount_min),
    amountMax: BigInt(row.amount_max),
    tenorMin: row.tenor_min,
    tenorMax: row.tenor_max,
    sectors: words(row.sectors),
    regions: words(row.regions),
    sizeClasses: words(row.size_classes),
    ageBands: words(row.age_bands),
    gradeFloor: row.grade_floor,
    collateral: words(row.collateral),
    offersShariah: row.offers_shariah === 1,
    shariahOnly: row.shariah_only === 1,
    womenLedOnly: row.women_led_only === 1,
    ruralOnly: row.rural_only === 1,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    limitsApproved: row.limits_approved === 1,
    perEnterpriseMinor: minor(row.per_enterprise_minor),
    perAnchorMinor: minor(row.per_anchor_minor),
    monthlyAppetiteMinor: minor(row.monthly_appetite_minor),
    version: row.version,
  };
}
