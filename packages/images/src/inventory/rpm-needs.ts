/**
 * What one requirement of an rpm needs, as alternatives. Most are a plain name; rich ones are expressions in parentheses
 * (rpm's manual, "Boolean dependencies"): `(a or b)`, `(a and b)`, `(a >= 1 with a < 2)`, `(a if b)`.
 */

type Groups = readonly (readonly string[])[];

/** Deeper than any package asks. */
const DEEPEST = 20;

/** Conditions (`if`, `unless`) and `without` need nothing for sure beyond their first side; what is no expression is a name. */
export function needs(requirement: string): Groups {
  if (!requirement.startsWith('(')) return [[requirement]];
  return parse(requirement, 0) ?? [[requirement]];
}

/** Null when it is no expression. */
function parse(text: string, depth: number): Groups | null {
  if (depth > DEEPEST) return null;
  const inner = text.trim();
  if (!inner.startsWith('(') || !inner.endsWith(')')) {
    const [name = ''] = inner.split(/\s/);
    return name === '' ? null : [[name]];
  }
  const parts = split(inner.slice(1, -1));
  const operators = new Set(parts.operators);
  const groups = parts.operands.map((operand) => parse(operand, depth + 1));
  const known = groups.filter((group) => group !== null);
  if (known.length !== groups.length) return null;
  if (operators.size === 0) return known.flat();
  if (operators.has('if') || operators.has('unless')) return [];
  // The sides of `with` and `without` are about one package.
  if (operators.has('with') || operators.has('without')) return known.slice(0, 1).flat();
  if (operators.has('and')) return known.flat();
  // Either side, whole: an alternative that needs several is told by its first.
  return [known.flatMap((group) => group[0] ?? [])];
}

/** At the operators that stand outside of inner parentheses. */
function split(text: string): { operands: string[]; operators: string[] } {
  const operators: string[] = [];
  const operands = [''];
  let depth = 0;
  for (const word of text.split(/\s+/)) {
    if (depth === 0 && /^(?:and|or|with|without|if|unless|else)$/.test(word)) {
      operators.push(word);
      operands.push('');
      continue;
    }
    operands.push(`${operands.pop() ?? ''} ${word}`);
    depth += count(word, '(') - count(word, ')');
  }
  return { operands, operators };
}

function count(word: string, character: string): number {
  return word.split(character).length - 1;
}
