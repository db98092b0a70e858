import type { Surroundings } from '../ports.js'
import type { Inbox } from './inbox.js'
import { createInbox } from './inbox.js'
import type { Transport } from './port.js'

/** What a network does to messages; chances from 0 to 1, all 0 if left out. */
export interface Faults {
  /** A message never arrives. */
  readonly loss?: number
  /** A message arrives twice. */
  readonly duplication?: number
  /** Instead of the oldest message under way, any of them arrives. */
  readonly reorder?: number
  /** Least and most time under way. Without `reorder` a message still waits for those before it. */
  readonly delayMs?: readonly [number, number]
}

/** The two ends, and a hand on the wire between them. */
export type MemoryPair = readonly [Transport, Transport] & {
  /** Changes the faults for what is sent or arrives from now on: `{ loss: 1 }` is a partition, `{}` heals. */
  setFaults(faults: Faults): void
  /** The connection breaks: what is under way is gone, both ends are told. */
  sever(message?: string): void
  /** Messages under way, both ways together. */
  readonly underway: number
}

/** Two transports joined in memory. All delivery goes through the scheduler, all chance comes from `random`. */
export function createMemoryPair(
  { scheduler, random }: Pick<Surroundings, 'scheduler' | 'random'>,
  faults: Faults = {},
): MemoryPair {
  const inboxes = [createInbox(), createInbox()] as const
  const wires = [createWire(inboxes[1]), createWire(inboxes[0])] as const

  /** From 0 up to, not including, 1. */
  function chance(): number {
    return new DataView(random.bytes(4).slice().buffer).getUint32(0) / 2 ** 32
  }

  function happens(probability: number | undefined): boolean {
    return probability !== undefined && probability > 0 && chance() < probability
  }

  /** One direction. An end under way is the last of its messages and is neither lost nor overtaken. */
  function createWire(inbox: Inbox): { underway: (Uint8Array | string)[]; put(message: Uint8Array | string): void } {
    const underway: (Uint8Array | string)[] = []
    return {
      underway,
      put(message) {
        underway.push(message)
        const [least, most] = faults.delayMs ?? [0, 0]
        // Whichever timer fires first takes the oldest message, so order is kept whatever the delays.
        scheduler.after(least === most ? least : least + chance() * (most - least), () => {
          const messages = typeof underway.at(-1) === 'string' ? underway.length - 1 : underway.length
          const at = messages > 1 && happens(faults.reorder) ? Math.floor(chance() * messages) : 0
          const [arrived] = underway.splice(at, 1)
          if (typeof arrived === 'string') inbox.end({ message: arrived })
          else if (arrived) inbox.receive(arrived)
        })
      },
    }
  }

  function createEnd(side: 0 | 1): Transport {
    const inbox = inboxes[side]
    const wire = wires[side]
    return {
      send(bytes) {
        if (inbox.closed || happens(faults.loss)) return
        for (let copies = happens(faults.duplication) ? 2 : 1; copies > 0; copies--) wire.put(bytes.slice())
      },
      get buffered() {
        return wire.underway.reduce((size, message) => size + message.length, 0)
      },
      onMessage: inbox.onMessage,
      onClose: inbox.onClose,
      close(reason = '') {
        if (inbox.closed) return
        wire.put(reason)
        inbox.end({ message: reason }, true)
      },
    }
  }

  const control = {
    setFaults(next: Faults): void {
      faults = next
    },
    sever(message: string = 'connection lost'): void {
      for (const wire of wires) wire.underway.length = 0
      for (const inbox of inboxes) inbox.end({ code: '1006', message }, true)
    },
    get underway(): number {
      return wires[0].underway.length + wires[1].underway.length
    },
  }
  const ends = [createEnd(0), createEnd(1)] as const
  return Object.defineProperties(ends, Object.getOwnPropertyDescriptors(control)) as MemoryPair
}
