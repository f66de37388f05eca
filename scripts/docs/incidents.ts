import type { Text } from '../../domain/case.ts';
import { INCIDENT_ERRORS, INCIDENT_KINDS, type IncidentKind } from '../../domain/incidents.ts';
import { both, code, table, WARNING } from './markdown.ts';

const list = (sentences: readonly Text[]): string => sentences.map(both).join(' ');

/** What an operator reads when something is on the list: the same words the API answers with. */
export const incidentsPage = (): string => {
  const kinds = Object.keys(INCIDENT_KINDS) as IncidentKind[];
  return [
    WARNING,
    '',
    '# 系统故障 Incidents',
    '',
    'What keeps a case, or the work of the system itself, from going on although nobody has to decide anything.',
    '[Why it is found so](../decisions/0020-incidents.md).',
    '',
    '| who | sees it |',
    '| --- | --- |',
    '| manager | `GET /api/v1/stuck`, daily digest: reason `SYSTEM_PROBLEM` of the case, with the last error and what happens next; the statutory clock goes on and stands beside it |',
    '| system administrator | `GET /api/v1/incidents` (`open`, `kind`, `acceptanceNo`), `GET /api/v1/incidents/{id}` with guidance and what was done; no data of a person |',
    '',
    '`POST /api/v1/incidents/{id}/retry` with a `reason` has it tried again and looks once more; `POST …/skip` is refused always',
    '(`INCIDENT_NOT_SKIPPABLE`) and written down. An incident is over by itself once its cause is: the row stays, `resolvedAt` says when.',
    '',
    '## Kinds',
    '',
    ...table(
      ['kind', 'shown as', 'why', 'what to do', 'what not to do', 'retry'],
      kinds.map((kind) => {
        const { title, why, todo, notToDo, retry } = INCIDENT_KINDS[kind];
        return [code(kind), both(title), both(why), list(todo), list(notToDo), both(retry)];
      }),
    ),
    '',
    '## What happens meanwhile',
    '',
    ...table(
      ['kind', 'without anybody'],
      kinds.map((kind) => [code(kind), both(INCIDENT_KINDS[kind].next)]),
    ),
    '',
    '## The last error',
    '',
    'What a program said itself is in its log only, under the acceptance number: it may quote a person.',
    '',
    ...table(
      ['code', '中文', 'English'],
      Object.entries(INCIDENT_ERRORS).map(([name, { zh, en }]) => [code(name), zh, en]),
    ),
  ].join('\n');
};
