/** What a check by another system says of a value: a good status is good, else its body has messages by field. */
import { isObject, type JsonValue } from '@callboard/model';

const MAX_MESSAGES = 10;
/** Characters of one. */
const MAX_LENGTH = 200;

/** Texts that go on from the name of the field; empty for a good value. `field`: its pointer. */
export function messagesIn(
  answer: JsonValue,
  { status, field }: { readonly status: number; readonly field: string },
): readonly string[] {
  if (status >= 200 && status < 300) return [];
  const name = field.split('/').at(-1) ?? '';
  const own = isObject(answer) && Object.hasOwn(answer, name) ? textsIn(answer[name]) : [];
  const all = own.length > 0 ? own : textsIn(isObject(answer) ? Object.values(answer) : answer);
  const messages = all.slice(0, MAX_MESSAGES).map((message) => message.slice(0, MAX_LENGTH));
  return messages.length > 0 ? messages : ['is not accepted'];
}

function textsIn(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value.flat() : [value];
  return list.filter((one) => typeof one === 'string').filter((one) => one.trim() !== '');
}
