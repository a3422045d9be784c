import { Column, type ColumnOptions, PrimaryColumn } from 'typeorm';
import { idBytes, idText } from './ids.js';

const idTransformer = {
  to: (id: unknown) => (typeof id === 'string' ? idBytes(id) : id),
  from: (bytes: Buffer | null) => (bytes === null ? null : idText(bytes)),
};

const minorTransformer = {
  to: (minor: unknown) => (typeof minor === 'bigint' ? minor.toString() : minor),
  from: (text: string | null) => (text === null ? null : BigInt(text)),
};

/** The primary key: UUIDv7 in 16 bytes. */
export const PrimaryId = (): PropertyDecorator =>
  PrimaryColumn({ type: 'binary', length: 16, transformer: idTransformer });

/** An identifier of another row. */
export const IdColumn = (options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'binary', length: 16, transformer: idTransformer, ...options });

/** Minor units of money as a bigint. */
export const MinorColumn = (options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'bigint', transformer: minorTransformer, ...options });

/** An instant in UTC, to the microsecond in the database, to the millisecond in the program. */
export const InstantColumn = (options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'datetime', precision: 6, ...options });

/** A calendar date, kept as text `YYYY-MM-DD`, because a driver's Date would move it between time zones. */
export const DateColumn = (options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'char', length: 10, ...options });

export const TextColumn = (length: number, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'varchar', length, ...options });

export const JsonColumn = (options: ColumnOptions = {}): PropertyDecorator => Column({ type: 'json', ...options });

export const IntColumn = (options: ColumnOptions = {}): PropertyDecorator => Column({ type: 'int', ...options });

export const FlagColumn = (options: ColumnOptions = {}): PropertyDecorator =>
  Column({
    type: 'tinyint',
    transformer: {
      to: (flag: unknown) => (typeof flag === 'boolean' ? Number(flag) : flag),
      from: (value: number | null) => (value === null ? null : value === 1),
    },
    ...options,
  });
