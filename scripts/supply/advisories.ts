import { z } from 'zod';

/** What `npm audit --json` said: the severe advisories by address; that the service did not answer, and why; or nothing we can read. */
export type AuditAnswer =
  | { kind: 'found'; severe: Map<string, Advisory> }
  | { kind: 'unanswered'; why: string }
  | { kind: 'unreadable'; begins: string };

export interface Advisory {
  name: string;
  title: string;
  severity: string;
}

const SEVERE = ['high', 'critical'];

const advisory = z.object({ url: z.string(), title: z.string(), severity: z.string() });
const found = z.object({
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), advisory])) })),
});
/** npm's own words for a service that refuses, is away or has none of this; its other errors carry a code and no message. */
const unanswered = z.object({
  message: z.string().min(1),
  error: z.object({ code: z.undefined().optional() }).loose(),
});

export function readAudit(output: string): AuditAnswer {
  const said = parsed(output);
  const answer = found.safeParse(said);
  if (answer.success) return { kind: 'found', severe: severeOf(answer.data) };
  const away = unanswered.safeParse(said);
  if (away.success) return { kind: 'unanswered', why: away.data.message };
  return { kind: 'unreadable', begins: output.slice(0, 200) };
}

function severeOf({ vulnerabilities }: z.output<typeof found>): Map<string, Advisory> {
  const severe = new Map<string, Advisory>();
  for (const [name, { via }] of Object.entries(vulnerabilities))
    for (const one of via)
      if (typeof one !== 'string' && SEVERE.includes(one.severity))
        severe.set(one.url, { name, title: one.title, severity: one.severity });
  return severe;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
