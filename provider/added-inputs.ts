import { type Handler } from "./handler";
import { type DynamicProvider, dynamicHost, type SessionHolder } from "./hosts/dynamic";

/**
 * A handler whose check gives inputs to add to those of the program. Unlike outputs they are known in a preview, also
 * in the first one, and the next check finds them among the old inputs (measured on the engine, see
 * tests/engine/lookups.test.ts).
 */
export type AddingHandler<Args extends object, State extends object> = Omit<Handler<Args, State>, "check"> & {
  check(request: Parameters<Handler<Args, State>["check"]>[0]): Promise<Partial<Args>>;
};

/** {@link dynamicHost} for a handler whose check adds inputs. */
export function addingHost<Args extends object, State extends object>(
  handler: AddingHandler<Args, State>,
  holder: SessionHolder,
): DynamicProvider {
  return {
    ...dynamicHost(
      checking(handler, () => undefined),
      holder,
    ),
    // A host of its own for each call: it tells which check added what.
    check: async (olds, news) => {
      let added: Partial<Args> = {};
      const host = dynamicHost(
        checking(handler, (inputs) => (added = inputs)),
        holder,
      );
      const { inputs, failures } = await host.check(olds, news);
      return { inputs: { ...inputs, ...added }, failures };
    },
  };
}

function checking<Args extends object, State extends object>(
  handler: AddingHandler<Args, State>,
  add: (inputs: Partial<Args>) => void,
): Handler<Args, State> {
  return { ...handler, check: async (request) => add(await handler.check(request)) };
}
