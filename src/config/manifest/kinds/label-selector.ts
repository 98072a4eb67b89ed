import { list, object, oneOf, required, TEXT, TEXT_LIST, TEXT_MAP } from '../schema.ts'

/** metav1.LabelSelector. */
export const LABEL_SELECTOR = object('LabelSelector', {
  matchLabels: TEXT_MAP,
  matchExpressions: list(
    object('LabelSelectorRequirement', {
      key: required(TEXT),
      operator: required(oneOf('In', 'NotIn', 'Exists', 'DoesNotExist')),
      values: TEXT_LIST,
    }),
    'v1.LabelSelectorRequirement',
  ),
})
