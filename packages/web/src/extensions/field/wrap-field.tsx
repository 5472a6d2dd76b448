/** A custom field as the form draws it: complete props, the look of its library, and a boundary for what it throws. */
import { Suspense, useRef, type ComponentType, type FunctionComponent, type ReactElement } from 'react';
import type { FieldProps } from '@rjsf/utils';
import type { FieldErrors, FieldExtension } from '../../pages/create/form/field-extension.ts';
import { apiHolder } from '../apis/api-ref.ts';
import { currentSurround } from '../host/surround.ts';
import type { FieldMaker } from '../load/loader.ts';
import type { Locate } from '../load/locate.ts';
import type { ExtensionProblem } from '../load/problem.ts';
import { messages } from '../messages.ts';
import { Waiting } from '../shims/waiting.ts';
import { FieldBoundary } from './boundary.tsx';
import { BrokenPanel, PlainField } from './broken-field.tsx';
import { useFieldProps } from './field-props.ts';
import { createRenderCount, type RenderCount } from './render-count.ts';

export function createFieldMaker(deps: { readonly locate: Locate }): FieldMaker {
  return {
    wrap: (field, file) => wrapField(field, { file, locate: deps.locate }),
    broken: (name, problems) => ({ name, component: brokenComponent(name, problems) }),
  };
}

interface Origin {
  readonly file: string;
  readonly locate: Locate;
}

/** The wrapper is a new component for each version of a file, so that a new version starts afresh and values stay. */
function wrapField(field: FieldExtension, { file, locate }: Origin): FieldExtension {
  const { name, component, validation } = field;
  const Drawn = counted(component);
  function CustomField(given: FieldProps): ReactElement {
    const props = useFieldProps(given);
    const Around = currentSurround();
    const drawn = <Drawn {...props} />;
    return (
      <FieldBoundary name={name} file={file} locate={locate} plain={<PlainField {...given} />}>
        <Suspense fallback={<Waiting />}>{Around === null ? drawn : <Around>{drawn}</Around>}</Suspense>
      </FieldBoundary>
    );
  }
  if (validation === undefined) return { ...field, component: CustomField };
  return {
    ...field,
    component: CustomField,
    validation: (value, errors, context) =>
      validation(value, withList(errors), { ...context, apiHolder: SERVICES }),
  };
}

/** The form's own type says that there are no services; for custom fields there are. */
const SERVICES = Object.assign({ get: () => undefined }, apiHolder);

/** Some validations read what they have said so far, as rjsf keeps it. */
function withList({ addError }: FieldErrors): FieldErrors {
  const said: string[] = [];
  return Object.assign(
    { __errors: said },
    {
      addError: (message: string) => {
        said.push(message);
        addError(message);
      },
    },
  );
}

/** A component that draws itself without end ends in the boundary. Classes and such are left as they are. */
function counted(component: ComponentType<FieldProps>): ComponentType<FieldProps> {
  if (!isPlainFunction(component)) return component;
  function Counted(props: FieldProps): ReturnType<FunctionComponent<FieldProps>> {
    const count = useRef<RenderCount>();
    count.current ??= createRenderCount();
    count.current.add(performance.now());
    return isPlainFunction(component) ? component({ ...component.defaultProps, ...props }) : null;
  }
  return Counted;
}

function isPlainFunction(component: unknown): component is FunctionComponent<FieldProps> {
  if (typeof component !== 'function') return false;
  const prototype: unknown = component.prototype;
  return !(typeof prototype === 'object' && prototype !== null && 'isReactComponent' in prototype);
}

function brokenComponent(name: string, problems: readonly ExtensionProblem[]): ComponentType<FieldProps> {
  const file = problems[0]?.file ?? '';
  return function BrokenField(field: FieldProps): ReactElement {
    return (
      <>
        <BrokenPanel title={messages.brokenField(name, file)} problems={problems} />
        <PlainField {...field} />
      </>
    );
  };
}
