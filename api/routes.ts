import type { Config } from '../config.ts';
import type { Login } from './identity/login.ts';
import type { Route } from './route.ts';
import { accessLogRoutes } from './routes/access-log.ts';
import { accountRoutes } from './routes/accounts.ts';
import { calendarEditionRoutes } from './routes/calendar-editions.ts';
import { caseDetailRoutes } from './routes/case.ts';
import { caseRoutes } from './routes/cases.ts';
import { clockRoutes } from './routes/clock.ts';
import { codecRoutes } from './routes/codec.ts';
import { deadlineRoutes } from './routes/deadlines.ts';
import { decisionRoutes } from './routes/decisions.ts';
import { deskRoutes } from './routes/desk.ts';
import { deputyRoutes } from './routes/deputies.ts';
import { digestRoutes } from './routes/digest.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { documentRoutes } from './routes/documents.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { monitoringRoutes } from './routes/monitoring.ts';
import { paymentRoutes } from './routes/payments.ts';
import { dutyRoutes } from './routes/duties.ts';
import { permissionRoutes } from './routes/permissions.ts';
import { processRoutes } from './routes/processes.ts';
import { referenceRoutes } from './routes/reference.ts';
import { relativeRoutes } from './routes/relatives.ts';
import { reportRoutes } from './routes/reports.ts';
import { revealRoutes } from './routes/reveal.ts';
import { rehearsalRoutes } from './routes/rehearsal.ts';
import { sessionRoutes } from './routes/session.ts';
import { stuckRoutes } from './routes/stuck.ts';
import { systemRoutes } from './routes/system.ts';

/** The route table: all there is to call, and who may. Without `login` nobody logs in here; programs and scripts bring a token. */
export function createRoutes(config: Pick<Config, 'rehearsal'>, accepting: () => boolean, login?: Login): Route[] {
  const routes: Route[] = [
    ...processRoutes,
    ...caseRoutes,
    ...caseDetailRoutes,
    ...revealRoutes,
    ...evidenceRoutes,
    ...clockRoutes,
    ...decisionRoutes,
    ...documentRoutes,
    ...deskRoutes,
    ...digestRoutes,
    ...stuckRoutes,
    ...deadlineRoutes,
    ...calendarEditionRoutes,
    ...reportRoutes,
    ...dutyRoutes,
    ...paymentRoutes,
    ...referenceRoutes,
    ...accountRoutes,
    ...accessLogRoutes,
    ...monitoringRoutes,
    ...incidentRoutes,
    ...(login ? sessionRoutes(login) : []),
    ...codecRoutes,
    ...permissionRoutes,
    ...relativeRoutes,
    ...deputyRoutes,
    ...(config.rehearsal ? rehearsalRoutes : []),
    ...systemRoutes(accepting, () => routes),
  ];
  return routes;
}
