/**
 * What jq means where JSONata means something else, as JSONata functions that are put in front of a translation: nothing and
 * null are the same, only null and false are not true, values of all kinds can be compared, results are lists of results.
 */

interface JqFunction {
  readonly text: string;
  readonly needs: readonly string[];
}

/** By name, without the `$jq_` before it. */
const FUNCTIONS: Readonly<Record<string, JqFunction>> = {
  is_null: { text: 'function($v) { $not($exists($v)) or $v = null }', needs: [] },
  some: { text: 'function($v) { $exists($v) ? $v : null }', needs: [] },
  true: { text: 'function($v) { $exists($v) and $v != null and $v != false }', needs: [] },
  /** A result as a list of one; a list inside of it stays a list. */
  one: {
    text: 'function($v) { $type($v) = "array" ? [[$v]] : [$exists($v) ? $v : null] }',
    needs: [],
  },
  equal: { text: 'function($a, $b) { $jq_some($a) = $jq_some($b) }', needs: ['some'] },
  rank: {
    text: `function($v) { $jq_is_null($v) ? 0 : $v = false ? 1 : $v = true ? 2 :
      $lookup({"number": 3, "string": 4, "array": 5, "object": 6}, $type($v)) }`,
    needs: ['is_null'],
  },
  less: {
    text: `function($a, $b) { (
      $ra := $jq_rank($a); $rb := $jq_rank($b);
      $ra < $rb or ($ra = $rb and ($ra = 3 or $ra = 4) and $a < $b)
    ) }`,
    needs: ['rank'],
  },
  text: {
    text: 'function($v) { $jq_is_null($v) ? "null" : $string($v) }',
    needs: ['is_null'],
  },
  add: {
    text: `function($a, $b) { $jq_is_null($a) ? $b : $jq_is_null($b) ? $a :
      $type($a) = "string" and $type($b) = "string" ? $a & $b :
      $type($a) = "array" and $type($b) = "array" ? $append($a, $b) :
      $type($a) = "object" and $type($b) = "object" ? $merge([$a, $b]) : $a + $b }`,
    needs: ['is_null'],
  },
  subtract: {
    text: `function($a, $b) { $type($a) = "array" ?
      $reduce($a, function($all, $x) { $count($filter($b, function($y) { $y = $x })) > 0 ? $all : $append($all, $jq_one($x)) }, []) :
      $a - $b }`,
    needs: ['one'],
  },
  divide: {
    text: 'function($a, $b) { $type($a) = "string" ? $jq_split($a, $b) : $a / $b }',
    needs: ['split'],
  },
  items: {
    text: `function($v) { $type($v) = "array" ? $v : $type($v) = "object" ?
      $reduce($keys($v), function($all, $k) { $append($all, $jq_one($lookup($v, $k))) }, []) : [] }`,
    needs: ['one'],
  },
  at: {
    text: `function($v, $k) { $type($k) = "string" ? ($type($v) = "object" ? $lookup($v, $k)) :
      $type($v) = "array" ? $v[$k] }`,
    needs: [],
  },
  slice: {
    text: `function($v, $from, $to) { $jq_is_null($v) ? null : (
      $size := $type($v) = "string" ? $length($v) : $count($v);
      $first := $jq_is_null($from) ? 0 : $from < 0 ? $max([0, $size + $from]) : $from;
      $end := $jq_is_null($to) ? $size : $to < 0 ? $size + $to : $to;
      $type($v) = "string" ? ($end <= $first ? "" : $substring($v, $first, $end - $first)) :
        $reduce($v, function($all, $x, $i) { $i >= $first and $i < $end ? $append($all, $jq_one($x)) : $all }, [])
    ) }`,
    needs: ['is_null', 'one'],
  },
  length: {
    text: `function($v) { $jq_is_null($v) ? 0 : $type($v) = "string" ? $length($v) :
      $type($v) = "object" ? $count($keys($v)) : $type($v) = "array" ? $count($v) : $abs($v) }`,
    needs: ['is_null'],
  },
  keys: {
    text: `function($v) { $type($v) = "array" ? ($count($v) = 0 ? [] : [0..$count($v) - 1]) : $append([], $sort($keys($v))) }`,
    needs: [],
  },
  has: {
    text: `function($v, $k) { $type($v) = "array" ? $k >= 0 and $k < $count($v) :
      $count($filter($keys($v), function($one) { $one = $k })) > 0 }`,
    needs: [],
  },
  contains: {
    text: `function($a, $b) {
      $type($a) = "string" and $type($b) = "string" ? $contains($a, $b) :
      $type($b) = "array" ? $type($a) = "array" and $count($filter($b, function($y) {
        $count($filter($a, function($x) { $jq_contains($x, $y) })) = 0 })) = 0 :
      $type($b) = "object" ? $type($a) = "object" and $count($filter($keys($b), function($k) {
        $not($jq_has($a, $k) and $jq_contains($lookup($a, $k), $lookup($b, $k))) })) = 0 :
      $jq_equal($a, $b) }`,
    needs: ['has', 'equal'],
  },
  index: {
    text: `function($v, $wanted) { $jq_is_null($v) ? null :
      $type($v) = "string" ? ($contains($v, $wanted) ? $length($substringBefore($v, $wanted)) : null) :
      $reduce($v, function($found, $x, $i) { $found = null and $jq_equal($x, $wanted) ? $i : $found }, null) }`,
    needs: ['is_null', 'equal'],
  },
  join: {
    text: `function($v, $by) { $join([$map($jq_items($v), function($x) { $jq_is_null($x) ? "" : $string($x) })], $by) }`,
    needs: ['items', 'is_null'],
  },
  split: { text: 'function($v, $by) { $v = "" ? [] : $append([], $split($v, $by)) }', needs: [] },
  sort: {
    text: `function($v) { $append([], $sort($v, function($a, $b) { $jq_less($b, $a) })) }`,
    needs: ['less'],
  },
  unique: {
    text: `function($v) { $reduce($jq_sort($v), function($all, $x) {
      $count($all) > 0 and $jq_equal($all[-1], $x) ? $all : $append($all, $jq_one($x)) }, []) }`,
    needs: ['sort', 'equal', 'one'],
  },
  starts: {
    text: 'function($v, $with) { $type($v) = "string" and $substring($v, 0, $length($with)) = $with }',
    needs: [],
  },
  ends: {
    text: `function($v, $with) { $type($v) = "string" and $length($v) >= $length($with) and
      $substring($v, $length($v) - $length($with)) = $with }`,
    needs: [],
  },
  number: { text: 'function($v) { $type($v) = "number" ? $v : $number($v) }', needs: [] },
  kind: { text: 'function($v) { $jq_is_null($v) ? "null" : $type($v) }', needs: ['is_null'] },
  /** The last segments of references of groups, as names of teams. */
  teams: {
    text: `function($refs) { $reduce($refs, function($all, $ref) {
      $substring($ref, 0, 6) = "group:" ? $append($all, $substringAfter($ref, "/")) : $all }, []) }`,
    needs: [],
  },
};

/** The functions with these names and those that they need, each before it is used. */
export function functionsFor(names: ReadonlySet<string>): readonly string[] {
  const written = new Set<string>();
  const write = (name: string): void => {
    if (written.has(name)) return;
    for (const needed of FUNCTIONS[name]?.needs ?? []) write(needed);
    written.add(name);
  };
  for (const name of names) write(name);
  return [...written].map(
    (name) => `$jq_${name} := ${(FUNCTIONS[name]?.text ?? '').replaceAll(/\s+/g, ' ')}`,
  );
}
