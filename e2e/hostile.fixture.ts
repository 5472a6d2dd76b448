/** Entities that try to run code in the page of whoever looks at them, or to break how it is laid out. */

/** Sets a mark in the page when it is run. */
const CODE = 'window.hostile=1';
const SCRIPT = `<script>${CODE}</script>`;
const IMAGE = `<img src=x onerror="${CODE}">`;
const SVG = `<svg onload="${CODE}"><a href="javascript:${CODE}"><text>x</text></a></svg>`;
/** Turns the direction of what follows, and never turns it back. */
const TURNED = '\u202Egnp.exe';
const STACKED = 'Z\u0337\u0321\u0322\u0327\u031B\u032A\u033C\u0339\u0319\u033A\u0329'.repeat(12);
const WORD = 'W'.repeat(400);

export const HOSTILE_PAGE = '/catalog/default/component/hostile';
export const HOSTILE_USER_PAGE = '/catalog/default/user/hostile';

/** JSON is YAML, and says exactly which characters there are. */
export const HOSTILE = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'hostile',
      title: `${IMAGE} ${TURNED} ${STACKED}`,
      description: [
        `${SCRIPT} ${SVG} ${IMAGE}`,
        `[a link](javascript:${CODE}) [data](data:text/html,${SCRIPT}) <a href="javascript:${CODE}">html</a>`,
        `${WORD} ${STACKED} ${TURNED}`,
        `<iframe srcdoc="${SCRIPT}"></iframe><style>body { display: none }</style>`,
      ].join('\n\n'),
      annotations: {
        'example.com/script': SCRIPT,
        'example.com/link': `javascript:${CODE}`,
        'example.com/turned': `${TURNED} ${WORD}`,
        'backstage.io/view-url': `JaVaScRiPt:${CODE}`,
        'backstage.io/edit-url': `data:text/html,${SCRIPT}`,
        'backstage.io/source-location': `url:javascript:${CODE}`,
      },
      links: [
        { url: `javascript:${CODE}`, title: 'A button' },
        { url: `data:text/html,${SCRIPT}`, title: SCRIPT },
        { url: 'vbscript:msgbox(1)' },
        { url: 'https://example.com/', title: `${TURNED} ${WORD}` },
      ],
    },
    spec: {
      type: SCRIPT,
      lifecycle: `${TURNED} ${WORD}`,
      owner: 'group:default/ghosts',
      page: `javascript:${CODE}`,
      nested: { deep: { list: [SCRIPT, { odd: IMAGE }] } },
      constructor: SCRIPT,
    },
  },
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name: 'hostile' },
    spec: {
      profile: {
        displayName: `${TURNED} ${IMAGE}`,
        email: 'a@example.com?bcc=b@example.com',
        picture: `javascript:${CODE}`,
        role: `${STACKED} ${WORD}`,
      },
      memberOf: ['booking'],
    },
  },
]
  .map((entity) => JSON.stringify(entity))
  .join('\n---\n');
