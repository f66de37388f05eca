import type { ProcessDefinition } from '../../domain/process.ts';
import { schemaOf } from '../read/possible.ts';

/** Words for what stands on papers but is asked in no form; the Chinese terms of the glossary. */
const COMMON: Readonly<Record<string, string>> = {
  acceptanceNo: '受理号',
  auditNo: '稽核编号',
  name: '姓名',
  idCardNo: '居民身份证号码',
  sex: '性别',
  hospital: '医疗机构',
  hospitalId: '医疗机构代码',
  providerId: '机构代码',
  type: '类型',
  grade: '级别',
  designated: '定点',
  countyOfficeId: '所属县区机构',
  disease: '病种',
  diseaseCode: '病种代码',
  diseaseName: '病种',
  validFrom: '有效期自',
  validTo: '有效期至',
  validMonths: '有效月数',
  listNo: '清单编号',
  letterNo: '介绍信编号',
  categoryTitle: '报销类别',
  category: '报销类别',
  total: '费用总额',
  firstSelfPay: '个人先行自付',
  inScope: '纳入支付范围金额',
  deductible: '起付线',
  fundPays: '统筹基金支付金额',
  insuredPays: '个人自付金额',
  paidOn: '拨付日期',
  printedOn: '打印日期',
  countyId: '县区机构',
  holder: '户名',
  bank: '开户银行',
  account: '账号',
  admittedOn: '入院日期',
  liability: '责任认定',
  liabilityGrade: '责任程度',
  auditors: '稽核人员',
  staffId: '工号',
  roles: '岗位',
  officeId: '机构',
  checkList: '稽核项目',
  item: '项目',
  result: '结果',
  remark: '备注',
  target: '目标值',
  zh: '内容',
  destination: '就医地',
};

/** Labels for the fields of a process's papers: as its own forms ask for them, else the common word, else the name itself. */
export function labelsOf(definition: ProcessDefinition): (key: string) => string {
  const labels = new Map<string, string>(Object.entries(COMMON));
  const forms = [
    definition.filing.form,
    ...Object.values(definition.steps).flatMap((step) =>
      Object.values(step.decisions).flatMap((offer) => offer?.form ?? []),
    ),
  ];
  for (const form of forms) collect(schemaOf(form), labels);
  return (key) => labels.get(key) ?? key;
}

interface Schema {
  title?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

function collect(schema: Schema, labels: Map<string, string>): void {
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (property.title !== undefined) labels.set(key, property.title);
    collect(property, labels);
  }
  if (schema.items) collect(schema.items, labels);
}
