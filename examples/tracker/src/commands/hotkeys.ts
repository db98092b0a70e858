import { useEffect } from 'react'
import { overlay } from '../shell/overlay.js'
import type { Command } from './commands.js'

export const isMac = /mac|iphone|ipad/i.test(navigator.platform)

/** What a key press is called in {@link Command.keys}. */
function nameOf(event: KeyboardEvent): string {
  const { key } = event
  const isLetter = /^[a-z]$/i.test(key)
  const parts = [
    ...((isMac ? event.metaKey : event.ctrlKey) ? ['mod'] : []),
    ...(event.altKey ? ['alt'] : []),
    // A sign that needs shift on this keyboard is that sign.
    ...(event.shiftKey && (isLetter || key.length > 1) ? ['shift'] : []),
  ]
  return [...parts, isLetter ? (event.shiftKey ? key.toUpperCase() : key.toLowerCase()) : key].join('+')
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    (target.matches('input, textarea, select') && !target.matches('[type=checkbox], [type=range]')))

/** Whether a key moves the slider that has the focus. */
const isSliding = ({ target, key }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && target.matches('[type=range]') && /^(Arrow|Page|Home$|End$)/.test(key)

/** Runs commands by their keys, except while one types or something lies over the window. */
export function useHotkeys(commands: readonly Command[]): void {
  useEffect(() => {
    const byKey = new Map(commands.flatMap((command) => (command.keys ?? []).map((key) => [key, command] as const)))
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isSliding(event)) return
      const name = nameOf(event)
      const command = byKey.get(name)
      if (!command) return
      const isMenu = command.id === 'menu'
      if (!isMenu && (overlay.get() !== null || isTyping(event.target))) return
      // A focused button or link means its own key.
      if (name === 'Enter' && event.target instanceof HTMLElement && event.target.closest('button, a')) return
      if (command.isPossible?.() === false) return
      event.preventDefault()
      command.run()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [commands])
}

const SHOWN: Readonly<Record<string, string>> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: '⇧',
  alt: isMac ? '⌥' : 'Alt',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Escape: 'Esc',
  Delete: 'Del',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
}

/** The parts of a key's name as they are printed on keyboards. */
export function keyParts(key: string): readonly string[] {
  return key.split('+').map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part))
}
