/** Every spelling in which a text could lie somewhere without being seen at first glance. */
export interface Needle {
  text: string;
  /** how it would look in bytes, with the name of the spelling */
  spellings: [string, Buffer][];
}

export const needleOf = (text: string): Needle => {
  const utf8 = Buffer.from(text, 'utf8');
  const escaped = [...text].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  return {
    text,
    spellings: [
      ['plain', utf8],
      ['lower case', Buffer.from(text.toLowerCase(), 'utf8')],
      ['URL', Buffer.from(encodeURIComponent(text))],
      ['hex', Buffer.from(utf8.toString('hex'))],
      ['UTF-16LE', Buffer.from(text, 'utf16le')],
      ['UTF-16BE', Buffer.from(text, 'utf16le').swap16()],
      ['JSON escapes', Buffer.from(escaped)],
      ...inBase64(utf8),
    ],
  };
};

/** Base64 of a text in the middle of another depends on where it begins; the letters its neighbours touch are left off. */
const inBase64 = (bytes: Buffer): [string, Buffer][] =>
  [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const text = whole.subarray(0, whole.length - (whole.length % 3)).toString('base64');
    return [`base64 after ${before}`, Buffer.from(text.slice(before === 0 ? 0 : 4))];
  });

/** '<text> (<spelling>)' of each that is in the bytes. */
export const found = (bytes: Buffer, needles: readonly Needle[]): string[] =>
  needles.flatMap(({ text, spellings }) =>
    spellings.filter(([, spelling]) => bytes.includes(spelling)).map(([name]) => `${text} (${name})`),
  );
