import { idBytes, idText, type Transaction } from '#platform';

/** Another registry with which this one exchanges questions. */
export interface RegistryPeer {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** The shared key, encrypted under the installation's secret. */
  readonly keySealed: Buffer;
  /** Names the shared key in a request without telling it. */
  readonly keyId: string;
  readonly active: boolean;
  readonly version: number;
  readonly createdAt: Date;
}

interface PeerRow {
  readonly id: Buffer;
  readonly name: string;
  readonly url: string;
  readonly key_sealed: Buffer;
  readonly key_id: string;
  readonly active: number;
  readonly version: number;
  readonly created_at: Date;
}

type Query = <Row extends object>(sql: string, parameters: unknown[]) => Promise<Row[]>;

const columns = 'id, name, url, key_sealed, key_id, active, version, created_at';
const peerOf = (row: PeerRow): RegistryPeer => ({
  id: idText(row.id),
  name: row.name,
  url: row.url,
  keySealed: row.key_sealed,
  keyId: row.key_id,
  active: row.active === 1,
  version: row.version,
  createdAt: row.created_at,
});

export async function activePeerIds(tx: Transaction): Promise<readonly string[]> {
  const rows = await tx.rows<{ id: Buffer }>('SELECT id FROM registry_peer WHERE active = 1 ORDER BY id');
  return rows.map(({ id }) => idText(id));
}

export async function allPeers(query: Query): Promise<readonly RegistryPeer[]> {
  return (await query<PeerRow>(`SELECT ${columns} FROM registry_peer ORDER BY id`, [])).map(peerOf);
}

export async function peerByKeyId(query: Query, keyId: string): Promise<RegistryPeer | undefined> {
  const [row] = await query<PeerRow>(`SELECT ${columns} FROM registry_peer WHERE key_id = ? AND active = 1`, [keyId]);
  return row && peerOf(row);
}

export async function lockPeer(tx: Transaction, id: string): Promise<RegistryPeer | undefined> {
  const [row] = await tx.rows<PeerRow>(`SELECT ${columns} FROM registry_peer WHERE id = ? FOR UPDATE`, [idBytes(id)]);
  return row && peerOf(row);
}

export async function insertPeer(tx: Transaction, peer: RegistryPeer): Promise<void> {
  await tx.insertRows(
    'registry_peer',
    ['id', 'name', 'url', 'key_sealed', 'key_id', 'active', 'version', 'created_at'],
    [[idBytes(peer.id), peer.name, peer.url, peer.keySealed, peer.keyId, 1, peer.version, peer.createdAt]],
  );
}

export async function updatePeer(tx: Transaction, peer: RegistryPeer): Promise<void> {
  await tx.execute('UPDATE registry_peer SET url = ?, active = ?, version = ? WHERE id = ?', [
    peer.url,
    Number(peer.active),
    peer.version,
    idBytes(peer.id),
  ]);
}

/** Which of the hashes are registered: `exact` among the exact keys, `loose` among the loose ones. */
export async function registeredHashes(
  query: Query,
  table: 'registry_exact' | 'registry_loose',
  hashes: readonly Buffer[],
): Promise<ReadonlySet<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await query<{ hash: Buffer }>(
    `SELECT DISTINCT hash FROM ${table} WHERE hash IN (${hashes.map(() => '?').join(',')})`,
    [...hashes],
  );
  return new Set(rows.map(({ hash }) => hash.toString('hex')));
}
