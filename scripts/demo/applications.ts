import { randomInt } from 'node:crypto';
import { CHRONIC_DISEASES } from '../../domain/benefits/example-figures.ts';
import { addDays, plainDateAt } from '../../domain/plain-date.ts';
import { HOSPITAL_ID } from './bills.ts';
import { Refused } from './client.ts';
import { anybody, people } from './people.ts';
import type { SeenCase, Stage } from './stage.ts';

const COUNTY_ID = '441602';

/** P01: applied for on-line, attested by physician and medical affairs, reviewed by three people of the county, registered. */
export async function chronicDisease(stage: Stage): Promise<void> {
  const { acceptanceNo: no } = await applied(stage);
  await stage.decide(no, 'hosp1.physician', { form: { treatmentPlanSummary: '规律服药，每月复诊' } });
  await stage.decide(no, 'hosp1.affairs', { form: { medicalAffairsOpinion: '符合特定病种门诊条件' } });
  for (const desk of ['clerk', 'first', 'second', 'approver', 'clerk']) await stage.decide(no, `county1.${desk}`);
  const closed = await stage.decide(no, 'county1.clerk');
  stage.expect(no, 'the status at the end', closed.status, 'CLOSED');
  stage.expect(no, 'the first day of the registration', closed.facts['validFrom'], closed.today);
  stage.expect(
    no,
    'the papers',
    closed.outputs.map(({ kind }) => kind),
    ['CHRONIC_REGISTRATION_FORM'],
  );
  stage.expect(no, 'a due day where the sources set none', [closed.stageDueOn, closed.totalDueOn], [null, null]);
}

/** One person has one registration of a disease, so a later run takes the next pair that is free. */
async function applied(stage: Stage): Promise<SeenCase> {
  const documents = [
    'CHRONIC_APPLICATION_FORM',
    'DIAGNOSIS_CERTIFICATE',
    'TEST_RESULTS',
    'DISCHARGE_SUMMARY',
    'ID_CARD',
  ];
  for (const person of people(COUNTY_ID)) {
    for (const { code: diseaseCode } of CHRONIC_DISEASES) {
      const form = { idCardNo: person.idCardNo, name: person.name, diseaseCode, hospitalId: HOSPITAL_ID };
      try {
        return await stage.file(person.username, 'CHRONIC_DISEASE_APPROVAL', { form, documents });
      } catch (problem) {
        if (!(problem instanceof Refused && problem.code === 'REGISTRATION_EXISTS')) throw problem;
      }
    }
  }
  throw new Error('every demo person of the county is registered for every disease: start with a fresh data folder');
}

/** P02: a referral is filed at a township window, reviewed by the county, and cancelled before the treatment began. */
export async function outOfArea(stage: Stage): Promise<void> {
  const filed = await filedReferral(stage);
  const no = filed.acceptanceNo;
  await stage.decide(no, 'town1.clerk');
  await stage.decide(no, 'county1.approver');
  await stage.decide(no, 'county1.clerk');
  const issued = await stage.decide(no, 'town1.clerk');
  stage.expect(no, 'the status with the form issued', issued.status, 'CLOSED');
  stage.expect(no, 'the filing', issued.facts['filingStatus'], 'ACTIVE');
  const papers = issued.outputs.map(({ kind }) => kind).sort();
  stage.expect(no, 'the papers', papers, ['OUT_OF_AREA_FILING_FORM', 'PROVINCIAL_PLATFORM_RECORD']);
  const cancelled = await stage.decide(no, 'town1.clerk', { decision: 'CANCEL' });
  stage.expect(
    no,
    'the cancelled filing',
    [cancelled.status, cancelled.facts['filingStatus']],
    ['CLOSED', 'CANCELLED'],
  );
}

const CITIES = ['广州市', '深圳市', '惠州市', '梅州市', '韶关市'];

/** Filings of one person for one city may not overlap: a run that meets an open one tries another period. */
async function filedReferral(stage: Stage): Promise<SeenCase> {
  for (;;) {
    const person = anybody(COUNTY_ID);
    const plannedFrom = addDays(plainDateAt(Date.now()), 1 + randomInt(300));
    const form = {
      ...{ idCardNo: person.idCardNo, name: person.name, phone: '13800000000', filingKind: 'REFERRAL' },
      ...{ destinationProvince: '广东省', destinationCity: CITIES[randomInt(CITIES.length)] ?? '广州市' },
      ...{ diagnosis: '冠心病', plannedFrom, plannedTo: addDays(plannedFrom, 20) },
    };
    try {
      const documents = ['SOCIAL_SECURITY_CARD', 'REFERRAL_CERTIFICATE'];
      return await stage.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', { form, documents });
    } catch (problem) {
      if (!(problem instanceof Refused && problem.code === 'FILING_OVERLAPS')) throw problem;
    }
  }
}
