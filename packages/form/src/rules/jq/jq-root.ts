/** What the context of Port's expressions is here: `.form` and `.user`; there is no `.entity`, as nothing is acted on. */
import { quoted } from '../form-path.ts';
import { JqProblem } from './jq-problem.ts';

interface Root {
  readonly index: number;
  readonly call: (name: string, args: readonly string[]) => string;
}

/** A path from the context as JSONata. */
export function rootPath([root = '', ...names]: readonly string[], { index, call }: Root): string {
  const steps = names.map((name) => `.${quoted(name)}`).join('');
  if (root === 'form') return `$$.form${steps}`;
  if (root === 'user') return userPath(names, { index, call });
  if (root === 'entity') {
    throw new JqProblem(
      "There is no '.entity': a template makes something new. Ask for it with an EntityPicker",
      index,
    );
  }
  throw new JqProblem(`There is no '.${root}'; the context has .form and .user`, index);
}

function userPath([name = '', ...rest]: readonly string[], { index, call }: Root): string {
  const steps = rest.map((step) => `.${quoted(step)}`).join('');
  switch (name) {
    case 'email':
      return `$$.user.email${steps}`;
    case 'name':
      return '($$.user.displayName != null ? $$.user.displayName : $$.user.name)';
    case 'userId':
    case 'identifier':
      return '$$.user.ref';
    case 'team':
    case 'teamsIdentifiers':
      return call('teams', ['$$.user.groups']);
    case 'teams':
      return `$map(${call('teams', ['$$.user.groups'])}, function($team) { {"name": $team, "identifier": $team} })[]`;
    default: {
      const known = '.user.email, .name, .userId, .team, .teams and .teamsIdentifiers';
      throw new JqProblem(
        `There is no '.user${name === '' ? '' : `.${name}`}' here; there are ${known}`,
        index,
      );
    }
  }
}
