import { dayAt, midnight, plus, workingDays, type Day } from '../recount/days.ts';
import type { Dice } from './dice.ts';

/** When people do things: offices on working days between nine and half past five, applicants whenever they like. */
export interface Diary {
  /** epoch ms */
  readonly now: number;
  readonly today: Day;
  /** so many working days later, at an office; 0: some minutes later if the office is still open */
  office(days: number): number;
  /** so many calendar days later, at any hour people are awake */
  anybody(days: number): number;
}

const MINUTE = 60_000;
const OPENS = 9 * 60;
const CLOSES = 17 * 60 + 30;
/** Offices know their holidays: the year as it is published, whatever rules are rehearsed. */
const work = workingDays();

/** Minute of the day in Shanghai. */
const minuteOf = (instant: number): number => Math.floor((instant - midnight(dayAt(instant))) / MINUTE);
const instantOf = (day: Day, minute: number): number => midnight(day) + minute * MINUTE;

export function openDiary(dice: Dice, begins: number): Diary {
  let now = begins;
  const to = (instant: number): number => (now = Math.max(instant, now + MINUTE));
  return {
    get now() {
      return now;
    },
    get today() {
      return dayAt(now);
    },
    office(days) {
      const today = dayAt(now);
      const soon = Math.max(minuteOf(now), OPENS) + dice.between(5, 50);
      if (days === 0 && work.is(today) && soon < CLOSES) return to(instantOf(today, soon));
      return to(instantOf(work.nth(today, Math.max(1, days)), dice.between(OPENS, OPENS + 240)));
    },
    anybody: (days) => to(instantOf(plus(dayAt(now), days), days === 0 ? minuteOf(now) + 5 : dice.between(480, 1200))),
  };
}

/** A moment of arrival on a day of the period: at a counter while it is open, on-line at any hour of any day. */
export function arrival(dice: Dice, from: Day, to: Day, how: 'COUNTER' | 'ONLINE'): number {
  const days = Math.max(0, Math.round((midnight(to) - midnight(from)) / 86_400_000));
  const day = plus(from, dice.between(0, days));
  if (how === 'ONLINE') return instantOf(day, dice.between(60, 1400));
  return instantOf(work.onOrAfter(day), dice.between(OPENS, CLOSES - 30));
}

export const isWorkingDay = (day: Day): boolean => work.is(day);
