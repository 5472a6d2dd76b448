/** Entities that are hard to lay out: long names, forty tags, words without a space, right to left, many relations. */

const LONG_NAME = 'settlement-reconciliation-adapter-for-the-northern-clearing-hub'.slice(0, 63);
const LONG_TITLE =
  'Settlement reconciliation adapter for the clearing hub of the northern region, with its exceptions, its corrections and its yearly report to the authorities';
const TAGS = Array.from(
  { length: 40 },
  (_, index) => `tag-number-${index + 1}${index % 7 === 0 ? '-which-is-longer' : ''}`,
);
const LABELS = Array.from(
  { length: 12 },
  (_, index) => `    example.com/label-${index}: value-0${'x'.repeat(index * 4)}`,
);
const TARGETS = Array.from({ length: 130 }, (_, index) => `    - resource:store-${index}`);
const LINKS = Array.from(
  { length: 12 },
  (_, index) =>
    `    - url: https://dash.example.com/${'deep/'.repeat(index)}panel\n      title: Panel ${index}`,
);
const WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(2);

export const DIFFICULT_PAGE = `/catalog/default/component/${LONG_NAME}`;
export const RIGHT_TO_LEFT_PAGE = '/catalog/default/component/rtl-service';

/** One file; nothing in it is wrong except a link that is not safe to open, and references to nothing. */
export const DIFFICULT = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${LONG_NAME}
  title: ${LONG_TITLE}
  description: |
    ${WORD} and then some words that can be broken. <script>alert(1)</script>

    - a list with **strong** words and \`code\`
    - https://example.com/${'path/'.repeat(40)}
  tags: [${TAGS.join(', ')}]
  labels:
${LABELS.join('\n')}
  links:
    - url: javascript:alert(1)
      title: Not a link
${LINKS.join('\n')}
spec:
  type: a-type-with-a-rather-long-name-that-nobody-expected-here
  lifecycle: deprecated-but-still-running-somewhere
  owner: group:default/a-team-with-a-long-name-that-does-not-fit-a-column
  dependsOn:
${TARGETS.join('\n')}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: rtl-service
  title: خدمة التسعير (pricing) 2.0
  description: |
    تحسب هذه الخدمة الأسعار لكل مسار تجاري. انظر \`rates-api\` للتفاصيل.

    English words follow in a paragraph of their own.
  tags: [rtl]
spec: { type: service, lifecycle: production, owner: booking }
`;
