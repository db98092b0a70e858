import * as Popover from '@radix-ui/react-popover'
import { type ReactNode, useMemo } from 'react'
import { closeOverlay, focusList, overlay } from '../shell/overlay.js'

interface FloatingPickerProps {
  readonly isOpen: boolean
  /** Beside what; null: in the middle. */
  readonly anchor: DOMRect | null
  readonly children: ReactNode
}

/** Where a picker floats: beside what it changes. */
export function FloatingPicker({ isOpen, anchor, children }: FloatingPickerProps): ReactNode {
  const virtual = useMemo(
    () => ({
      current: { getBoundingClientRect: () => anchor ?? new DOMRect(innerWidth / 2 - 120, innerHeight * 0.2, 0, 0) },
    }),
    [anchor],
  )
  return (
    <Popover.Root open={isOpen} onOpenChange={(open) => !open && closeOverlay()}>
      <Popover.Anchor virtualRef={virtual} />
      <Popover.Portal>
        <Popover.Content
          className="picker"
          align="start"
          side="bottom"
          sideOffset={6}
          collisionPadding={12}
          // It opens by keys too, right after another has closed: focus that is still on its way then is no reason to close.
          onFocusOutside={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            if (overlay.get() === null) focusList()
          }}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
