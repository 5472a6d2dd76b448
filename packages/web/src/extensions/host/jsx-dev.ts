/** React's runtime for JSX of development builds, on that of production: the place of an element is not kept. */
import { createElement, Fragment, type ElementType, type Key } from 'react';

function jsxDEV(type: ElementType, props: Readonly<Record<string, unknown>>, key?: Key): unknown {
  return createElement(type, key === undefined ? props : { ...props, key });
}

export const jsxDev = { Fragment, jsxDEV };
