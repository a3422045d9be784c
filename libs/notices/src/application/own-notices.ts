import { Injectable } from '@nestjs/common';
import {
  type CommandContext,
  decodeCursor,
  defaultLimit,
  idBytes,
  idText,
  type Page,
  toPage,
  UnitOfWork,
} from '#platform';
import { DataSource } from 'typeorm';
import { noticesError } from '../domain/errors.js';
import { type Channel, channels, type Topic, topics } from '../domain/template.js';

export interface NoticeView {
  readonly id: string;
  readonly topic: string;
  readonly template: string;
  readonly language: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly createdAt: Date;
  readonly readAt: Date | null;
}

export interface Choice {
  readonly topic: Topic;
  readonly channel: Channel;
  readonly enabled: boolean;
}

interface NoticeRow {
  readonly id: Buffer;
  readonly topic: string;
  readonly template: string;
  readonly language: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly created_at: Date;
  readonly read_at: Date | null;
}

/** A person's notices and what they want to be told. */
@Injectable()
export class OwnNotices {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Newest first. */
  async list(
    personId: string,
    asked: { unread?: boolean | undefined; limit?: number | undefined; cursor?: string | undefined },
  ): Promise<Page<NoticeView>> {
    const limit = asked.limit ?? defaultLimit;
    const after = decodeCursor(asked.cursor, 1);
    const rows = await this.dataSource.query<NoticeRow[]>(
      `SELECT id, topic, template, language, title, body, link, created_at, read_at FROM notice
       WHERE person_id = ?${asked.unread ? ' AND unread = 1' : ''}${after ? ' AND id < ?' : ''} ORDER BY id DESC LIMIT ?`,
      [idBytes(personId), ...(after ? [idBytes(String(after[0]))] : []), limit + 1],
    );
    return toPage(rows, limit, ({ id }) => [idText(id)], shown);
  }

  async unread(personId: string): Promise<{ unread: number }> {
    const [row] = await this.dataSource.query<{ n: string }[]>(
      'SELECT COUNT(*) AS n FROM notice WHERE person_id = ? AND unread = 1',
      [idBytes(personId)],
    );
    return { unread: Number(row?.n ?? 0) };
  }

  /** Marks one as read; one that was read stays so with its first time. */
  async markRead(context: CommandContext, noticeId: string): Promise<{ id: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const person = idBytes(context.actor.id);
      const [found] = await tx.rows('SELECT id FROM notice WHERE id = ? AND person_id = ?', [
        idBytes(noticeId),
        person,
      ]);
      if (!found) throw noticesError('notice_unknown');
      await tx.execute('UPDATE notice SET read_at = ? WHERE id = ? AND read_at IS NULL', [
        await tx.now(),
        idBytes(noticeId),
      ]);
      return { id: noticeId };
    });
  }

  async markAllRead(context: CommandContext): Promise<{ read: number }> {
    return this.unitOfWork.run(context, async (tx) => ({
      read: await tx.execute('UPDATE notice SET read_at = ? WHERE person_id = ? AND unread = 1', [
        await tx.now(),
        idBytes(context.actor.id),
      ]),
    }));
  }

  /** Every topic and channel; on unless switched off. */
  async choices(personId: string): Promise<readonly (Choice & { readonly about: string })[]> {
    const rows = await this.dataSource.query<{ topic: string; channel: string; enabled: number }[]>(
      'SELECT topic, channel, enabled FROM notice_choice WHERE person_id = ?',
      [idBytes(personId)],
    );
    const chosen = new Map(rows.map(({ topic, channel, enabled }) => [`${topic} ${channel}`, enabled === 1]));
    return (Object.keys(topics) as Topic[]).flatMap((topic) =>
      channels.map((channel) => ({
        topic,
        about: topics[topic],
        channel,
        enabled: chosen.get(`${topic} ${channel}`) ?? true,
      })),
    );
  }

  async choose(context: CommandContext, chosen: readonly Choice[]): Promise<{ changed: number }> {
    return this.unitOfWork.run(context, async (tx) => {
      if (chosen.length > 0)
        await tx.execute(
          `INSERT INTO notice_choice (person_id, topic, channel, enabled) VALUES ${chosen.map(() => '(?, ?, ?, ?)').join(',')}
           ON DUPLICATE KEY UPDATE enabled = VALUES(enabled)`,
          chosen.flatMap(({ topic, channel, enabled }) => [idBytes(context.actor.id), topic, channel, enabled]),
        );
      return { changed: chosen.length };
    });
  }
}

function shown({ id, created_at, read_at, ...row }: NoticeRow): NoticeView {
  return { id: idText(id), ...row, createdAt: created_at, readAt: read_at };
}
