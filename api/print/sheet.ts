import { randomBytes } from 'node:crypto';
import type { Answer } from '../route.ts';
import { printedPolicy } from '../security-headers.ts';

/** A sheet of A4 to print: nothing on it runs, and it may load nothing. `body` is HTML whose data is escaped already. */
export function sheet(title: string, body: string, style = ''): Answer {
  const nonce = randomBytes(16).toString('base64');
  const html = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>${escape(title)}</title>
<style nonce="${nonce}">${STYLE}${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
  return {
    html,
    headers: { 'Content-Security-Policy': printedPolicy(nonce) },
  };
}

const STYLE = `
@page { size: A4; margin: 25mm 22mm; }
body { font-family: "FangSong_GB2312", "仿宋_GB2312", FangSong, "Noto Serif CJK SC", serif; font-size: 12pt; color: #000; max-width: 180mm; margin: 0 auto; }
h1 { text-align: center; font-size: 20pt; font-weight: bold; margin: 8mm 0; }
.numbers { display: flex; justify-content: space-between; }
table { width: 100%; border-collapse: collapse; }
th, td { border: 1px solid #000; padding: 1.6mm 2.4mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { width: 32%; font-weight: normal; background: #f4f4f4; }
table table th { width: auto; }
.basis { font-size: 10pt; margin-top: 5mm; }
.stamp { margin: 18mm 0 0 auto; width: 70mm; text-align: center; min-height: 40mm; break-inside: avoid; }
`;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

export const chineseDay = (day: string): string =>
  `${day.slice(0, 4)}年${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`;
