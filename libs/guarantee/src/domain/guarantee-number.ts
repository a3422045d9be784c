const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Bytes as text without letters that are mistaken for each other, in groups of four. */
export function groupedCode(bytes: Uint8Array): string {
  const letters = [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

/** A guarantee's number: scheme, year and the random end of its id; read aloud more easily than an identifier. */
export function guaranteeNumber(code: string, year: string, id: string): string {
  const bytes = Buffer.from(id.replaceAll('-', '').slice(16), 'hex');
  return `${code}-${year}-${groupedCode(bytes).replaceAll('-', '')}`;
}
