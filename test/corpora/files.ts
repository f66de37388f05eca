import { jpeg, png } from '../api/pictures.ts';
import { times } from './dice.ts';

/** 100 files: what they say they are, what they are called, and the code they are refused with (undefined: kept). */
export interface OddFile {
  what: string;
  bytes: Buffer;
  contentType: string;
  filename: string;
  code?: 'BAD_REQUEST' | 'DOCUMENT_TYPE_REFUSED' | 'BODY_TOO_LARGE' | 'IMAGE_TOO_LARGE';
}

const PDF = 'application/pdf';
const OURS = [PDF, 'image/jpeg', 'image/png'];
const pdf = (content: string): Buffer => Buffer.from(`%PDF-1.4\n% ${content}\n%%EOF\n`);
/** In two pieces, so that no scanner of a checkout takes this file for the one it describes. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

const refused = (what: string, bytes: Buffer, contentType: string, filename = 'scan.pdf'): OddFile => ({
  ...{ what, bytes, contentType, filename },
  code: 'DOCUMENT_TYPE_REFUSED',
});
const kept = (what: string, filename: string, bytes = pdf(what), contentType = PDF): OddFile => ({
  ...{ what, bytes, contentType, filename },
});

/** First bytes of what we do not take. */
const OTHERS: [string, Buffer][] = [
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>')],
  ['HTML', Buffer.from('<!doctype html><script>x()</script>')],
  ['HTML behind a byte order mark', Buffer.from('\ufeff<html>')],
  ['XML with an entity', Buffer.from('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')],
  ['ZIP', Buffer.from('PK\u0003\u0004')],
  ['GIF that is a script', Buffer.from('GIF89a/*')],
  ['Windows program', Buffer.from('MZ\u0090\u0000')],
  ['Linux program', Buffer.from('\u007fELF')],
  ['shell script', Buffer.from('#!/bin/sh\n')],
  ['Word of before', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
  ['WebP', Buffer.from('RIFF\u0010\u0000\u0000\u0000WEBPVP8 ', 'latin1')],
  ['TIFF', Buffer.from('II*\u0000')],
  ['PostScript', Buffer.from('%!PS-Adobe-3.0')],
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0])],
  ['a PDF behind a line', Buffer.from('\n%PDF-1.4\n')],
  ['EICAR', Buffer.from(EICAR)],
  ['nothing', Buffer.alloc(0)],
];

const NAMES = [
  '../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '/etc/shadow',
  'C:\\boot.ini',
  '....//....//x.pdf',
  '%2e%2e%2fx.pdf',
  'x\r\nSet-Cookie: a=b.pdf',
  '"; filename="b.html',
  'CON.pdf',
  'a:b.pdf',
  '.htaccess',
  '~root.pdf',
  '\u202efdp.exe',
  '=1+1.pdf',
  "'; DROP TABLE document; --.pdf",
  '<img src=x>.pdf',
  '${x}.pdf',
  '䶮𠮷.pdf',
  'e\u0301.pdf',
  `${'长'.repeat(300)}.pdf`,
  '   ',
  '住院票据（一）.pdf',
];

export const FILES: readonly OddFile[] = [
  ...OTHERS.flatMap(([what, bytes]) => OURS.map((type) => refused(`${what} as ${type}`, bytes, type))),
  ...['text/html', 'image/svg+xml', 'application/zip', 'application/octet-stream'].map((type) =>
    refused(`a PDF as ${type}`, pdf(type), type),
  ),
  refused('a picture as a PDF', png(10, 10), PDF),
  refused('a PDF as a picture', pdf('picture'), 'image/png'),
  refused('a photograph as a picture', jpeg(10, 10), 'image/png'),
  refused('half a picture', png(10, 10).subarray(0, 20), 'image/png'),
  { ...kept('too long', 'a.pdf', Buffer.concat([pdf('long'), Buffer.alloc(100_000)])), code: 'BODY_TOO_LARGE' },
  { ...kept('a bomb', 'a.png', png(60_000, 60_000), 'image/png'), code: 'IMAGE_TOO_LARGE' },
  ...['x.pdf\u0000.html', '.', '..'].map((name) => ({
    ...kept(`the name ${JSON.stringify(name)}`, name),
    code: 'BAD_REQUEST' as const,
  })),
  // What lies behind the right first bytes is never opened here, and given back only to be saved.
  kept('a PDF that is a page, too', 'a.html', pdf('<script>x()</script>')),
  kept(
    'a PDF that is an archive, too',
    'a.zip',
    Buffer.concat([pdf('zip'), Buffer.from('PK\u0003\u0004PK\u0005\u0006')]),
  ),
  kept('a picture with a page behind it', 'a.html', Buffer.concat([png(10, 10), Buffer.from('<html>')]), 'image/png'),
  ...NAMES.map((name) => kept(`the name ${JSON.stringify(name)}`, name)),
  ...times(11, (i) =>
    kept(`a scan of ${2 ** i} bytes more`, `${i}.pdf`, Buffer.concat([pdf('x'), Buffer.alloc(2 ** i)])),
  ),
];
