/** Who one is, and with what: the address says it, so that a second window can be a second person. */
import { type Person, personOf, TEAM } from '../data/people.js'

const params = new URLSearchParams(location.search)

/** The person at this window. */
export const me: string =
  params
    .get('as')
    ?.replace(/[^\w-]/g, '')
    .slice(0, 40) || TEAM[0]!.id

/** `?server=off`: nothing but this device. */
export const hasServer: boolean = params.get('server') !== 'off'

/** Another person, or another way to keep data, is another device. */
export const storeName: string = ['tracker', ...(me === TEAM[0]!.id ? [] : [me]), ...(hasServer ? [] : ['alone'])].join(
  '-',
)

/** Opens the app as the next of the team: another device, another session. */
export function openSecondWindow(): void {
  const at = TEAM.findIndex(({ id }) => id === me)
  const other = TEAM[(at + 1) % TEAM.length]!.id
  const address = new URL(location.href)
  address.searchParams.set('as', other)
  window.open(address, `tracker-${other}`, 'popup,width=1180,height=780')
}

/** Who is behind what was written. The server knows people; before it has met one, a device knows only its own session. */
export function authorOf(by: string): Person {
  return personOf(/^[0-9a-f]{32}$/.test(by) ? me : by)
}
