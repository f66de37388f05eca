import { randomUUID } from 'node:crypto';
import type { SeedPerson } from '../../prisma/seed/persons.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { checkDigit } from '../../domain/identifiers.ts';
import type { TestIssuer } from '../api/issuer.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import type { Office } from '../support/office.ts';

/** What ten people bring to the counter, and everything that can go wrong with it there. */

const two = (n: number): string => String(n).padStart(2, '0');
export const phoneOf = (n: number): string => `139777700${two(n)}`;
export const diagnosisOf = (n: number): string => `罕见疾病${'甲乙丙丁戊己庚辛壬癸'.charAt(n)}型伴并发症`;
export const accountOf = (n: number): string => `62170000987654${two(n)}881`;
export const proxyNoOf = (n: number): string => {
  const first17 = `4416021975030${(n % 9) + 1}7${two(n)}`;
  return first17 + checkDigit(first17);
};

/** Of each person what must have gone through the engine. */
export const applicantOf = (person: SeedPerson, n: number): string[] => [
  person.id_card_no,
  person.name,
  phoneOf(n),
  diagnosisOf(n),
];
const ACCOUNT_CASES = 3;
export const PLANTED = PERSONS.slice(0, 10).flatMap((person, n) => [
  ...applicantOf(person, n),
  proxyNoOf(n),
  ...(n < ACCOUNT_CASES ? [accountOf(n)] : []),
]);

export interface Told {
  what: string;
  status: number;
  body: string;
}
export interface Traffic {
  /** answers with a status of 400 and above */
  refusals: Told[];
  lists: Told[];
  walk(person: SeedPerson, n: number): Promise<void>;
  detailedErrors(): Promise<void>;
  mistakes(): Promise<void>;
}

export function createTraffic(url: string, issuer: TestIssuer, { owner: db }: Office): Traffic {
  const refusals: Told[] = [];
  const lists: Told[] = [];
  const call = async (username: string, method: string, path: string, body?: unknown): Promise<Told> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await issuer.token(username)}`,
        'idempotency-key': randomUUID(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const told = { what: `${method} ${path}`, status: response.status, body: await response.text() };
    // The address is what the caller said; the answer must not.
    if (response.status >= 400) refusals.push({ ...told, what: method });
    return told;
  };
  const done = async (...asked: Parameters<typeof call>): Promise<Told> => {
    const told = await call(...asked);
    if (told.status >= 300) throw new Error(`${asked[1]} ${asked[2]}: ${told.status} ${told.body}`);
    return told;
  };
  const upload = async (username: string, type: string, fileName: string) => {
    const form = new FormData();
    form.set('file', new Blob([`%PDF-1.4\n% ${randomUUID()}\n%%EOF\n`], { type: 'application/pdf' }), fileName);
    const response = await fetch(`${url}/api/v1/documents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await issuer.token(username)}` },
      body: form,
    });
    if (response.status !== 201) throw new Error(`${type} was not taken: ${await response.text()}`);
    return { type, documentId: ((await response.json()) as { documentId: string }).documentId };
  };
  const referral = (person: SeedPerson, n: number, city: string) => ({
    processType: 'OUT_OF_AREA_REFERRAL',
    form: {
      ...{ idCardNo: person.id_card_no, name: person.name, phone: phoneOf(n), diagnosis: diagnosisOf(n) },
      ...{ filingKind: 'REFERRAL', destinationProvince: '广东省', destinationCity: city },
      ...{ plannedFrom: today(), plannedTo: today() },
      proxy: `代办 ${proxyNoOf(n)}`,
    },
  });
  const file = async (body: { processType: string; form: object }, papers: readonly string[], n: number) => {
    const documents = await Promise.all(papers.map((type) => upload('town1.clerk', type, `${proxyNoOf(n)} 材料.pdf`)));
    const { body: answer } = await done('town1.clerk', 'POST', '/api/v1/cases', { ...body, documents });
    return (JSON.parse(answer) as { acceptanceNo: string }).acceptanceNo;
  };
  const decide = (username: string, no: string, input: object) =>
    call(username, 'POST', `/api/v1/cases/${no}/decisions`, input);

  return {
    refusals,
    lists,
    async walk(person, n) {
      const no = await file(referral(person, n, '广州市'), ['ID_CARD', 'REFERRAL_CERTIFICATE'], n);
      const reason = `与${diagnosisOf(n)}有关，电话 ${phoneOf(n)}，证件 ${proxyNoOf(n)}`;
      const forward = await decide('town1.clerk', no, { step: 'REGISTERED', decision: 'APPROVE', reason });
      if (forward.status !== 200) throw new Error(forward.body);
      await decide('county1.first', no, { step: 'REVIEW', decision: 'APPROVE', reason });
      await decide('county1.approver', no, { step: 'REVIEW', decision: 'APPROVE', form: { diagnosis: reason } });
      const agreed = await decide('county1.approver', no, { step: 'REVIEW', decision: 'APPROVE', reason });
      if (agreed.status !== 200) throw new Error(agreed.body);
      await decide('town1.clerk', no, { step: 'REGISTERED', decision: 'APPROVE', reason });
      const why = { reason: `联系参保人 ${proxyNoOf(n)}` };
      const whole = await done('town1.clerk', 'POST', `/api/v1/cases/${no}/reveal`, why);
      if (!whole.body.includes(person.id_card_no)) throw new Error('what was revealed is not whole');
      await call('county2.clerk', 'POST', `/api/v1/cases/${no}/reveal`, why);
      for (const path of [`/api/v1/cases/${no}`, `/api/v1/cases/${no}/documents`, `/api/v1/cases/${no}/clock`])
        await done('county1.approver', 'GET', path);
      lists.push(await done('county1.approver', 'GET', '/api/v1/desk'));
      lists.push(await done('county1.manager', 'POST', '/api/v1/cases/search', { idCardNo: person.id_card_no }));
      lists.push(await done('county1.manager', 'GET', '/api/v1/cases?limit=50'));
      if (n < ACCOUNT_CASES) {
        const card = { kind: 'BANK_CARD', holder: person.name, bank: '示例银行', account: accountOf(n) };
        const change = { idCardNo: person.id_card_no, name: person.name, paymentCard: card, billNos: [randomUUID()] };
        const form = formOf('GENERAL_INPATIENT', { ...change, diagnosis: diagnosisOf(n) });
        await file({ processType: 'REIMBURSEMENT_REVIEW', form }, papersFor(form), n);
      }
    },
    async detailedErrors() {
      const [person] = PERSONS as [SeedPerson];
      const no = await file(referral(person, 0, '深圳市'), ['ID_CARD', 'REFERRAL_CERTIFICATE'], 0);
      const detail = `Key (id_card_no, phone)=(${person.id_card_no}, ${phoneOf(0)}, ${diagnosisOf(0)}) already exists.`;
      await db.query(`CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'duplicate key value violates unique constraint "planted"' USING ERRCODE = '23505', DETAIL = '${detail}'; END $$`);
      await db.query('CREATE TRIGGER planted BEFORE INSERT ON case_turn FOR EACH ROW EXECUTE FUNCTION planted()');
      await db.query('CREATE TRIGGER planted BEFORE INSERT ON document FOR EACH ROW EXECUTE FUNCTION planted()');
      // The worker tries again and again while the caller waits; the API's own statement fails at once, and is a bug.
      const waiting = decide('town1.clerk', no, { step: 'REGISTERED', decision: 'APPROVE' });
      await call('town1.clerk', 'POST', '/api/v1/cases', { ...referral(person, 0, '珠海市'), documents: [] });
      const form = new FormData();
      form.set('file', new Blob(['%PDF-1.4\n%%EOF\n'], { type: 'application/pdf' }), `${proxyNoOf(0)}.pdf`);
      const authorization = `Bearer ${await issuer.token('town1.clerk')}`;
      const failed = await fetch(`${url}/api/v1/documents`, { method: 'POST', headers: { authorization }, body: form });
      refusals.push({ what: 'upload', status: failed.status, body: await failed.text() });
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await db.query('DROP TRIGGER planted ON case_turn');
      await db.query('DROP TRIGGER planted ON document');
      const answer = await waiting;
      if (answer.status !== 200) throw new Error(`the decision was lost: ${answer.body}`);
    },
    async mistakes() {
      for (const [n, person] of PERSONS.slice(0, 10).entries()) {
        const name = encodeURIComponent(person.name);
        for (const no of [person.id_card_no, person.id_card_no.toLowerCase(), name, accountOf(n), phoneOf(n)])
          for (const path of [`/api/v1/cases/${no}`, `/api/v1/${no}`, `/api/v1/documents/${no}`])
            await call('town1.clerk', 'GET', path);
        await call('town1.clerk', 'GET', `/api/v1/cases?idCardNo=${person.id_card_no}&q=${name}`);
        const wrong = referral(person, n, '汕头市');
        await call('town1.clerk', 'POST', '/api/v1/cases', wrong);
        await call('town1.clerk', 'POST', '/api/v1/cases', { ...wrong, [person.id_card_no]: 1 });
        await call('town1.clerk', 'POST', '/api/v1/cases', { ...wrong, form: { ...wrong.form, [person.name]: 1 } });
        await call('town1.clerk', 'POST', '/api/v1/cases', { ...wrong, form: { ...wrong.form, name: phoneOf(n) } });
        await call('town1.clerk', 'POST', '/api/v1/cases', {
          processType: 'CHRONIC_DISEASE_APPROVAL',
          form: { idCardNo: person.id_card_no, name: person.name, diseaseCode: phoneOf(n), hospitalId: accountOf(n) },
        });
        await call(
          'town1.clerk',
          'POST',
          '/api/v1/cases',
          `{"form": {"idCardNo": ${person.id_card_no}X "${person.name}"`,
        );
        await call('county1.manager', 'POST', '/api/v1/cases/search', { idCardNo: `${person.id_card_no}1` });
        await call('insured.nobody', 'POST', '/api/v1/cases/search', { idCardNo: person.id_card_no });
      }
    },
  };
}

const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
