/** Hands an item over; answers whether anybody still listens. Waits while another one is waiting. */
export type Give<T> = (item: T) => Promise<boolean>;

/**
 * What a callback gives, item by item, as it is asked for. One item waits at most. Returns what the callback does; when
 * nobody listens any more, it is told by `give`, and waited for.
 */
export async function* handedOver<T, End>(
  produce: (give: Give<T>) => Promise<End>,
): AsyncGenerator<T, End, undefined> {
  const waiting: T[] = [];
  let isHeard = true;
  let [onItem, onRoom] = [ignore, ignore];
  const give = async (item: T) => {
    while (isHeard && waiting.length > 0) {
      await new Promise<void>((resolve) => {
        onRoom = resolve;
      });
    }
    waiting.push(item);
    onItem();
    return isHeard;
  };
  let end: { readonly value: End } | undefined;
  const ending = produce(give).then((value) => {
    end = { value };
    onItem();
  });
  ending.catch(ignore);
  try {
    for (;;) {
      const item = waiting.shift();
      onRoom();
      if (item !== undefined) yield item;
      else if (end !== undefined) return end.value;
      else {
        const arrival = new Promise<void>((resolve) => {
          onItem = resolve;
        });
        await Promise.race([arrival, ending]);
      }
    }
  } finally {
    isHeard = false;
    onRoom();
    await ending;
  }
}

function ignore(): void {}

/** The same items, each asked for while the one before it is being worked on. */
export async function* ahead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    let next = items.next();
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = items.next();
      // Whoever comes back for it hears of its failure.
      next.catch(ignore);
      yield value;
    }
  } finally {
    await items.return(undefined);
  }
}
