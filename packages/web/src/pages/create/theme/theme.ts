/** How forms look: rjsf's templates and widgets, drawn with what the rest of the portal is drawn with. */
import { getDefaultRegistry } from '@rjsf/core';
import type { RegistryWidgetsType, TemplatesType } from '@rjsf/utils';
import { ArrayTemplate } from './array-template.tsx';
import { CheckboxesWidget, CheckboxWidget, RadioWidget, SelectWidget } from './choices.tsx';
import {
  DescriptionTemplate,
  ErrorTemplate,
  FieldTemplate,
  HelpTemplate,
  TitleTemplate,
  UnsupportedTemplate,
} from './field-template.tsx';
import { FileWidget } from './file-widget.tsx';
import { InputTemplate, PasswordWidget, RangeWidget, TextareaWidget } from './inputs.tsx';
import { ObjectTemplate } from './object-template.tsx';

export const templates: Partial<TemplatesType> = {
  ArrayFieldTemplate: ArrayTemplate,
  BaseInputTemplate: InputTemplate,
  DescriptionFieldTemplate: DescriptionTemplate,
  FieldErrorTemplate: ErrorTemplate,
  FieldHelpTemplate: HelpTemplate,
  FieldTemplate,
  ObjectFieldTemplate: ObjectTemplate,
  TitleFieldTemplate: TitleTemplate,
  UnsupportedFieldTemplate: UnsupportedTemplate,
};

export const widgets: RegistryWidgetsType = {
  ...getDefaultRegistry().widgets,
  CheckboxWidget,
  CheckboxesWidget,
  FileWidget,
  PasswordWidget,
  RadioWidget,
  RangeWidget,
  SelectWidget,
  TextareaWidget,
};
