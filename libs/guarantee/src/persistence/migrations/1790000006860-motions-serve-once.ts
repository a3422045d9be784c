import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A carried motion serves one act. Those from before whose act was done, or may have been, serve no more. */
export class MotionsServeOnce1790000006860 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE scheme_motion
         ADD COLUMN used_at DATETIME(6) NULL AFTER decided_at,
         ADD COLUMN used_for VARCHAR(40) NULL AFTER used_at,
         ADD COLUMN used_by VARCHAR(60) NULL AFTER used_for`,
    );
    await runner.query(
      `UPDATE scheme_motion m SET used_at = decided_at, used_for = 'before', used_by = 'system' WHERE status = 'carried' AND (
         kind IN ('scheme', 'board')
         OR (kind = 'version' AND EXISTS (SELECT 1 FROM scheme_version v WHERE v.motion_id = m.id))
         OR (kind = 'application' AND (
           EXISTS (SELECT 1 FROM portfolio_agreement p WHERE p.id = m.subject_id AND p.status <> 'proposed')
           OR EXISTS (SELECT 1 FROM guarantee_application a WHERE a.id = m.subject_id AND a.decided_at IS NOT NULL)))
         OR (kind = 'claim' AND EXISTS (SELECT 1 FROM guarantee_claim c WHERE c.id = m.subject_id AND c.decided_at IS NOT NULL)))`,
    );
    await runner.query(
      "ALTER TABLE scheme_motion ADD CONSTRAINT motion_used CHECK (used_at IS NULL OR (status = 'carried' AND used_for IS NOT NULL AND used_by IS NOT NULL))",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE scheme_motion DROP CONSTRAINT motion_used');
    await runner.query('ALTER TABLE scheme_motion DROP COLUMN used_at, DROP COLUMN used_for, DROP COLUMN used_by');
  }
}
