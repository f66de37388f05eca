import type { JsonObject } from '../../domain/case.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import { caseSubject, type Vault } from '../../vault/vault.ts';
import { dayOf, type PrismaClient } from '../prisma.ts';

/** A paper as it was issued: what stood on it is kept, not worked out again when it is printed. */
export interface IssuedOutput {
  kind: string;
  number: string;
  issuedOn: PlainDate;
  content: JsonObject;
  officeName: string;
}

/** The last one of its kind, or undefined. */
export async function readOutput(
  { prisma, vault }: { prisma: PrismaClient; vault: Vault },
  { caseId, acceptanceNo }: { caseId: string; acceptanceNo: string },
  kind: string,
): Promise<IssuedOutput | undefined> {
  const output = await prisma.caseOutput.findFirst({
    where: { caseId: BigInt(caseId), kind },
    orderBy: { turn: 'desc' },
    include: { caseFile: { select: { agency: { select: { name: true } } } } },
  });
  if (!output) return undefined;
  const { number, issuedOn, content, caseFile } = output;
  const officeName = (await decidingOffice(prisma, output)) ?? caseFile.agency.name;
  const opened = await vault.openJson(caseSubject(acceptanceNo), content as JsonObject);
  return { kind, number, issuedOn: dayOf(issuedOn), content: opened, officeName };
}

/** Whoever decided the turn that issued the paper; what a clock brought about is issued by the office that took the case. */
async function decidingOffice(
  prisma: PrismaClient,
  { caseId, turn }: { caseId: bigint; turn: number },
): Promise<string | undefined> {
  const event = await prisma.caseEvent.findFirst({
    where: { caseId, turn, decision: { not: null }, officeId: { not: null } },
    select: { officeId: true },
  });
  if (!event?.officeId) return undefined;
  const office = await prisma.office.findUnique({ where: { officeId: event.officeId }, select: { name: true } });
  return office?.name;
}
