/** The team. Who one is stands in the address: `?as=lin`. */

export interface Person {
  readonly id: string
  readonly name: string
  readonly initials: string
  /** An angle in degrees on the colour wheel. */
  readonly hue: number
}

export const TEAM: readonly Person[] = [
  { id: 'mara', name: 'Mara Voss', initials: 'MV', hue: 255 },
  { id: 'lin', name: 'Lin Park', initials: 'LP', hue: 160 },
  { id: 'jonas', name: 'Jonas Eck', initials: 'JE', hue: 40 },
  { id: 'amara', name: 'Amara Diallo', initials: 'AD', hue: 330 },
  { id: 'tomas', name: 'Tomás Rey', initials: 'TR', hue: 85 },
  { id: 'yuki', name: 'Yuki Sato', initials: 'YS', hue: 290 },
  { id: 'noor', name: 'Noor Haddad', initials: 'NH', hue: 200 },
  { id: 'elif', name: 'Elif Kaya', initials: 'EK', hue: 15 },
]

const byId = new Map(TEAM.map((person) => [person.id, person]))

/** The person with this id; someone by that name where the team has none. */
export function personOf(id: string): Person {
  const known = byId.get(id)
  if (known) return known
  let hue = 0
  for (const letter of id) hue = (hue * 31 + letter.charCodeAt(0)) % 360
  const made = { id, name: id[0]!.toUpperCase() + id.slice(1), initials: id.slice(0, 2).toUpperCase(), hue }
  byId.set(id, made)
  return made
}
