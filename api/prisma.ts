import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import type { Yuan } from '../domain/money.ts';
import type { PlainDate } from '../domain/plain-date.ts';
import { PrismaClient, type Prisma } from '../generated/prisma/client.ts';

export type { Prisma, PrismaClient } from '../generated/prisma/client.ts';

/**
 * The Prisma client of a process, over the pool it has anyway: one limit of connections, one set of time-outs. Ordinary reads
 * and writes go through it; a turn, and whatever is asked on every request or in pages, is SQL (design.md §6: three times
 * faster). Whoever made the pool ends it; before that, `$disconnect` lets go of it.
 */
export const createPrisma = (db: pg.Pool): PrismaClient =>
  // The longer formats quote source code and arguments, and an argument may be somebody's ID number.
  new PrismaClient({ adapter: new PrismaPg(db), errorFormat: 'minimal' });

/** A DATE column comes as midnight UTC of its day, wherever the machine stands; as text it is the day that was stored. */
export const dayOf = (date: Date): PlainDate => date.toISOString().slice(0, 10) as PlainDate;

/** The other way round: a day as a DATE column is asked for it. */
export const dateOf = (day: PlainDate): Date => new Date(`${day}T00:00:00.000Z`);

/** A NUMERIC(…, 2) column as amounts travel: text with two decimals. */
export const yuanOf = (amount: Prisma.Decimal): Yuan => amount.toFixed(2) as Yuan;

/** Figures and lists that were in force on a day, the first and the last day included. */
export const inForceOn = (day: PlainDate) =>
  ({
    effectiveFrom: { lte: dateOf(day) },
    OR: [{ effectiveTo: null }, { effectiveTo: { gte: dateOf(day) } }],
  }) satisfies Prisma.CatalogueItemWhereInput & Prisma.ChronicDiseaseWhereInput;
