import type { NewbornClaim } from '../../domain/benefits/types.ts';
import { newbornCoverage } from '../../domain/benefits/newborn.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { calendar } from '../support/days.ts';
import { calculate, line } from './benefits-bills.ts';

const day = plainDate;
const served = (amount: string, on: string) => line(amount, { servedOn: day(on) });
const withParent = (bornOn: string, parentInsuredAtBirth = true): NewbornClaim => ({
  route: 'WITH_PARENT',
  bornOn: day(bornOn),
  parentInsuredAtBirth,
});
const enrolled = (bornOn: string, enrolledOn?: string, registeredOn = enrolledOn): NewbornClaim => ({
  route: 'ENROLLED',
  bornOn: day(bornOn),
  parentInsuredAtBirth: false,
  householdRegisteredOn: registeredOn === undefined ? undefined : day(registeredOn),
  enrolledOn: enrolledOn === undefined ? undefined : day(enrolledOn),
});
const inParentsYear = (newborn: NewbornClaim, ...lines: ReturnType<typeof served>[]) =>
  calculate(lines, { category: 'NEWBORN_WITH_PARENT', newborn });
const untilEnrolment = (newborn: NewbornClaim, ...lines: ReturnType<typeof served>[]) =>
  calculate(lines, { category: 'NEWBORN_ENROLLED', newborn });

describe('newborns (§7)', () => {
  it('7.1: covers cost in the calendar year of birth when a parent was insured at birth', () => {
    expect(inParentsYear(withParent('2025-03-10'), served('1500.00', '2025-12-30'))).toMatchObject({
      inScope: '1500.00',
      fundPays: '700.00',
    });
  });

  it('7.2: splits a stay over New Year by the day of service and shows what it leaves out', () => {
    const result = inParentsYear(
      withParent('2025-12-20'),
      served('4200.00', '2025-12-28'),
      served('3100.00', '2026-01-05'),
    );
    expect(result).toMatchObject({ total: '7300.00', inScope: '4200.00', fundPays: '2590.00', insuredPays: '4710.00' });
    expect(result.lines.map(({ counted, inScope }) => [counted, inScope])).toEqual([
      [true, '4200.00'],
      [false, '0.00'],
    ]);
    expect(result.lines[1]).toMatchObject({
      rule: 'NEWBORN_OUTSIDE_PERIOD',
      article: 'S0 Art. 14(七)1',
      firstSelfPay: '3100.00',
    });
    expect(result.lines[1]?.why.en).toContain('2026-01-05');
  });

  it("counts both New Year's Eve and leaves out New Year's Day and the day before birth", () => {
    const result = inParentsYear(
      withParent('2025-12-20'),
      served('1.00', '2025-12-19'),
      served('1.00', '2025-12-20'),
      served('1.00', '2025-12-31'),
      served('1.00', '2026-01-01'),
    );
    expect(result.lines.map((part) => part.counted)).toEqual([false, true, true, false]);
  });

  it('7.3: a limit day in the holidays moves to the next working day, so 2025-10-09 is in time', () => {
    const newborn = enrolled('2025-07-01', '2025-10-09');
    expect(newbornCoverage(newborn, calendar)).toMatchObject({ covered: true, from: '2025-07-01', to: '2025-10-09' });
    const result = untilEnrolment(newborn, served('2000.00', '2025-07-01'), served('900.00', '2025-10-10'));
    expect(result).toMatchObject({ inScope: '2000.00', fundPays: '1050.00' });
  });

  it('7.4: enrolled one day later, nothing before enrolment is covered', () => {
    const result = untilEnrolment(enrolled('2025-07-01', '2025-10-10'), served('2000.00', '2025-07-01'));
    expect(result).toMatchObject({ inScope: '0.00', fundPays: '0.00', insuredPays: '2000.00' });
    expect(result.lines[0]?.why.en).toContain('until 2025-10-09');
  });

  it('7.5: without a 30 February the limit is 2026-02-28, a make-up working day', () => {
    expect(newbornCoverage(enrolled('2025-11-30', '2026-02-28'), calendar).covered).toBe(true);
    expect(newbornCoverage(enrolled('2025-11-30', '2026-03-01'), calendar).covered).toBe(false);
  });

  it('7.6: neither route covers a child whose mother was insured only after birth and that was never enrolled', () => {
    expect(inParentsYear(withParent('2025-05-15', false), served('800.00', '2025-06-02')).inScope).toBe('0.00');
    expect(untilEnrolment(enrolled('2025-05-15'), served('800.00', '2025-06-02')).inScope).toBe('0.00');
  });

  it('needs registration as well as enrolment in time', () => {
    expect(newbornCoverage(enrolled('2025-07-01', '2025-09-01', '2025-10-10'), calendar).covered).toBe(false);
    expect(
      newbornCoverage({ ...enrolled('2025-07-01', '2025-09-01'), householdRegisteredOn: undefined }, calendar).covered,
    ).toBe(false);
  });
});
