import type { User } from '../domain/case.ts';
import { Refusal } from '../domain/refusal.ts';
import { retryIncident } from '../engine/incidents/retry.ts';
import { scanIncidents } from '../engine/incidents/scan.ts';
import type { CaseDeps } from './cases/deps.ts';
import { findIncident } from './read/incidents.ts';

/** What an operator does about an incident: why (their words), when (epoch milliseconds). */
export interface IncidentAct {
  incidentId: string;
  by: User;
  reason: string;
  at: number;
  requestId: string;
}

/**
 * Has it tried again by the engine's means and looks once more. Refuses with NOT_FOUND what there is not, with INCIDENT_RESOLVED what
 * is over. An engine that is away is an outage.
 */
export async function retry(deps: CaseDeps, act: IncidentAct): Promise<void> {
  const incident = await findIncident(deps.db, act.incidentId);
  if (!incident) throw new Refusal('NOT_FOUND');
  if (incident.resolvedAt !== null) throw new Refusal('INCIDENT_RESOLVED');
  const outcome = await retryIncident(deps, {
    kind: incident.kind,
    subject: incident.subject,
    ofCase: incident.acceptanceNo !== null,
    activity: incident.activity,
    requestId: act.requestId,
  });
  await write(deps, act, 'RETRY', outcome);
  await scanIncidents(deps);
}

/** Never done: what a procedure has before it is a step of the law, and whoever wanted to leave it out is written down. */
export async function refuseToSkip(deps: CaseDeps, act: IncidentAct): Promise<never> {
  if (!(await findIncident(deps.db, act.incidentId))) throw new Refusal('NOT_FOUND');
  await write(deps, act, 'SKIP', 'INCIDENT_NOT_SKIPPABLE');
  throw new Refusal('INCIDENT_NOT_SKIPPABLE');
}

async function write(
  { db }: CaseDeps,
  { incidentId, at, by, reason, requestId }: IncidentAct,
  act: 'RETRY' | 'SKIP',
  outcome: string,
): Promise<void> {
  await db.query(
    'INSERT INTO incident_act (incident_id, at, act, by_id, reason, outcome, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [incidentId, new Date(at), act, by.id, reason, outcome, requestId],
  );
}
