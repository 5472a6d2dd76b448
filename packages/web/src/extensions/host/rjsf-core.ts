/** @rjsf/core of version 5, for fields that draw a form within the form. */
import Form, { getDefaultRegistry, withTheme } from '@rjsf/core';

export const rjsfCore = { default: Form, getDefaultRegistry, withTheme };
