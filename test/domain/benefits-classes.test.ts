import {
  calculate,
  calculateOne,
  classOf,
  drug,
  exam,
  line,
  material,
  treatment,
  withRates,
} from './benefits-bills.ts';

describe('the class of a line', () => {
  it.each([
    ['CT造影剂注射', 'CLASS_A'],
    ['CTA', 'CLASS_A'],
    ['胸部CT', 'CLASS_A'],
    ['ｃｔ', 'SPECIAL_EXAM'],
    [' C T ', 'SPECIAL_EXAM'],
    ['SPECT', 'SPECIAL_EXAM'],
    ['单光子发射电子计算扫描仪（SPECT）', 'SPECIAL_EXAM'],
    ['无创性希氏束心电图', 'SPECIAL_EXAM'],
    ['无他性希氏束心电图', 'SPECIAL_EXAM'],
  ])('finds %s on the list only by its whole name: %s', (name, costClass) => {
    expect(classOf(exam(name, '120.00'))).toBe(costClass);
  });

  it('believes a clerk who marks an examination as listed under another spelling', () => {
    expect(calculateOne(exam('胸部CT平扫', '180.00', { listedExam: true }))).toMatchObject({
      rule: 'LISTED_EXAM',
      firstSelfPay: '45.00',
    });
  });

  it('looks at the list of examinations only for examinations', () => {
    expect(classOf(line('80.00', { name: 'CT', feeCategory: 'OTHER' }))).toBe('CLASS_A');
  });

  it('puts what is outside the scope first, however high another share', () => {
    expect(classOf(exam('CT', '180.00', { costClass: 'EXCLUDED' }))).toBe('EXCLUDED');
    expect(classOf(exam('CT', '180.00', { costClass: 'CLASS_C' }))).toBe('CLASS_C');
    expect(classOf(drug('9.00', { costClass: 'CLASS_C', albumin: 'FIRST_AID' }))).toBe('CLASS_C');
  });

  it('puts it first even where a figure gives it a lower share than another class', () => {
    const cheapC = withRates({ 'selfPayShare.CLASS_C': '0.10' });
    const [part] = calculate([exam('CT', '180.00', { costClass: 'CLASS_C' })], {}, cheapC).lines;
    expect(part).toMatchObject({ costClass: 'CLASS_C', firstSelfPay: '18.00' });
  });

  it('otherwise takes the highest share of the classes that fit', () => {
    expect(classOf(drug('9.00', { costClass: 'CLASS_B', albumin: 'INDICATION' }))).toBe('ALBUMIN');
    expect(classOf(drug('9.00', { costClass: 'CLASS_A', bloodProduct: true }))).toBe('BLOOD');
    expect(classOf(exam('基因检测', '300.00', { costClass: 'CLASS_A' }))).toBe('SPECIAL_EXAM');
    expect(classOf(exam('基因检测', '300.00', { costClass: 'CLASS_B' }))).toBe('SPECIAL_EXAM');
  });

  it('never treats an operation fee as special, whatever is marked', () => {
    const operation = line('9000.00', {
      name: '伽玛刀',
      feeCategory: 'OPERATION',
      specialTreatment: true,
      costClass: 'SPECIAL_TREATMENT',
    });
    expect(calculateOne(operation)).toMatchObject({ costClass: 'CLASS_A', rule: 'OPERATION_FEE' });
    expect(classOf({ ...operation, costClass: 'CLASS_C' })).toBe('CLASS_C');
  });

  it('excepts the linear accelerator from the 1,000-yuan clause, but not a treatment that is on the list', () => {
    const mark = { linearAcceleratorTumour: true, specialTreatment: true };
    expect(classOf(treatment('放射治疗', '1800.00', mark))).toBe('CLASS_A');
    expect(classOf(treatment('放射治疗', '1800.00', { ...mark, costClass: 'SPECIAL_TREATMENT' }))).toBe('CLASS_A');
    expect(classOf(treatment('伽玛刀', '1800.00', mark))).toBe('SPECIAL_TREATMENT');
  });

  it('asks for the cost of a single treatment, not for a series', () => {
    expect(classOf(treatment('血液透析', '400.00', { quantity: '12' }))).toBe('CLASS_A');
  });

  it('adds up material by name over the bill, whatever the spelling of spaces and width', () => {
    const bill = [material('缝合线 A', '500.00'), material('缝合线Ａ', '500.00'), material('缝合线B', '999.00')];
    expect(bill.map((part) => classOf(part, bill))).toEqual(['SPECIAL_TREATMENT', 'SPECIAL_TREATMENT', 'CLASS_A']);
  });

  it('adds up material only: a treatment of the same name does not count', () => {
    const bill = [material('止血', '600.00'), treatment('止血', '400.00')];
    expect(bill.map((part) => classOf(part, bill))).toEqual(['CLASS_A', 'CLASS_A']);
  });

  it('takes 40 % of imported material once its same-named total makes it special', () => {
    const bill = [material('敷料', '600.00', { importedMaterial: true }), material('敷料', '400.00')];
    expect(bill.map((part) => classOf(part, bill))).toEqual(['IMPORTED_MATERIAL', 'SPECIAL_TREATMENT']);
  });

  it('keeps an imported listed implant at 40 % below any threshold', () => {
    expect(classOf(material('进口人工晶体', '800.00'))).toBe('IMPORTED_MATERIAL');
    expect(classOf(material('髓内钉', '800.00', { specialTreatment: true, importedMaterial: true }))).toBe(
      'IMPORTED_MATERIAL',
    );
    expect(classOf(material('髓内钉', '800.00', { costClass: 'SPECIAL_TREATMENT', importedMaterial: true }))).toBe(
      'IMPORTED_MATERIAL',
    );
  });

  it('takes class and name from the catalogue entry a code names', () => {
    expect(calculateOne(drug('100.00', { catalogueCode: 'DRUG-B-001' }))).toMatchObject({
      costClass: 'CLASS_B',
      rule: 'CATALOGUE_CLASS',
      firstSelfPay: '5.00',
    });
    expect(calculateOne(exam('脑部扫描', '180.00', { catalogueCode: 'EXAM-001' }))).toMatchObject({
      costClass: 'SPECIAL_EXAM',
      rule: 'LISTED_EXAM',
    });
    expect(calculateOne(material('接骨板', '700.00', { catalogueCode: 'MAT-002' })).costClass).toBe(
      'IMPORTED_MATERIAL',
    );
    expect(calculateOne(treatment('美容', '10.00', { catalogueCode: 'TREAT-901' })).costClass).toBe('EXCLUDED');
    expect(calculateOne(line('440.00', { catalogueCode: 'BLOOD-001' }))).toMatchObject({
      costClass: 'BLOOD',
      rule: 'BLOOD_PRODUCT',
    });
  });

  it('says in both languages which rule and share moved the amount', () => {
    const { why, article } = calculateOne(exam('胃镜检查', '300.00'));
    expect(article).toBe('S0 Art. 15(一)');
    expect(why).toEqual({
      zh: '单项检查价格 300.00 元，达到 300.00 元（含），个人先行自付 25%',
      en: 'single-item price 300.00 reaches 300.00 (included); first self-pay 25%',
    });
  });
});
