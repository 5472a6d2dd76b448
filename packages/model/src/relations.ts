/** The relations that the built-in kinds make between entities, by name and in pairs. */

/** The well-known relation types. */
export const RELATION = {
  /** The entity is the responsibility of a group or user. */
  ownedBy: 'ownedBy',
  /** The group or user is responsible for the entity. */
  ownerOf: 'ownerOf',
  /** The component offers the API. */
  providesApi: 'providesApi',
  /** The API is offered by the component. */
  apiProvidedBy: 'apiProvidedBy',
  /** The component calls the API. */
  consumesApi: 'consumesApi',
  /** The API is called by the component. */
  apiConsumedBy: 'apiConsumedBy',
  /** The entity does not work without the other. */
  dependsOn: 'dependsOn',
  /** The other does not work without the entity. */
  dependencyOf: 'dependencyOf',
  /** The group is above the other in the organization. */
  parentOf: 'parentOf',
  /** The group is below the other in the organization. */
  childOf: 'childOf',
  /** The user belongs to the group. */
  memberOf: 'memberOf',
  /** The group holds the user. */
  hasMember: 'hasMember',
  /** The entity belongs to a greater whole, such as a system or a domain. */
  partOf: 'partOf',
  /** The whole holds the entity. */
  hasPart: 'hasPart',
} as const;

/** The relation of an entity that refers to another, and the relation of that other in return. */
export interface RelationPair {
  readonly type: string;
  readonly reverse: string;
}

/** Each well-known relation with the one that answers it, by the type of the first. */
export const RELATION_PAIRS = {
  ownedBy: { type: RELATION.ownedBy, reverse: RELATION.ownerOf },
  ownerOf: { type: RELATION.ownerOf, reverse: RELATION.ownedBy },
  providesApi: { type: RELATION.providesApi, reverse: RELATION.apiProvidedBy },
  apiProvidedBy: { type: RELATION.apiProvidedBy, reverse: RELATION.providesApi },
  consumesApi: { type: RELATION.consumesApi, reverse: RELATION.apiConsumedBy },
  apiConsumedBy: { type: RELATION.apiConsumedBy, reverse: RELATION.consumesApi },
  dependsOn: { type: RELATION.dependsOn, reverse: RELATION.dependencyOf },
  dependencyOf: { type: RELATION.dependencyOf, reverse: RELATION.dependsOn },
  parentOf: { type: RELATION.parentOf, reverse: RELATION.childOf },
  childOf: { type: RELATION.childOf, reverse: RELATION.parentOf },
  memberOf: { type: RELATION.memberOf, reverse: RELATION.hasMember },
  hasMember: { type: RELATION.hasMember, reverse: RELATION.memberOf },
  partOf: { type: RELATION.partOf, reverse: RELATION.hasPart },
  hasPart: { type: RELATION.hasPart, reverse: RELATION.partOf },
} as const satisfies Readonly<Record<keyof typeof RELATION, RelationPair>>;
