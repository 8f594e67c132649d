import { isGrpcServiceError } from '@temporalio/client';
import type { Command } from 'commander';
import { SEARCH_ATTRIBUTES } from '../../activities/replay/job/search-attribute-names.ts';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { withTemporal } from '../temporal.ts';

const KEYWORD = 2; // temporal.api.enums.v1.IndexedValueType

/** `rewind register`: registers the search attributes by which replays are found; does nothing where they are there. */
export function registerCommand(): Command {
  return temporalCommand('register', "register Rewind's search attributes with Temporal", 'rewind register').action(
    async (options: CommonOptions) => {
      await withTemporal(options, async (client, namespace) => {
        const { operatorService } = client.connection;
        try {
          const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
          const there = customAttributes ?? {};
          const wrong = SEARCH_ATTRIBUTES.filter((name) => name in there && Number(there[name]) !== KEYWORD);
          if (wrong.length > 0)
            throw new CommandError(
              EXIT.failed,
              `${wrong.join(', ')} is registered with another type than Keyword.`,
              'Remove it (temporal operator search-attribute remove), or do without: replays run all the same.',
            );
          const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in there));
          const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
          if (missing.length > 0) await operatorService.addSearchAttributes({ namespace, searchAttributes });
          outputOf(options).result(
            { namespace, registered: missing, present: SEARCH_ATTRIBUTES.filter((name) => name in there) },
            missing.length > 0 ? `registered ${missing.join(', ')}` : `${SEARCH_ATTRIBUTES.join(', ')} are registered`,
          );
        } catch (error) {
          if (!isGrpcServiceError(error)) throw error;
          throw new CommandError(
            EXIT.failed,
            `The search attributes can't be registered: ${error.details}.`,
            `On Temporal Cloud add them to the namespace yourself, as Keywords: ${SEARCH_ATTRIBUTES.join(', ')}. Replays run without them too.`,
          );
        }
      });
    },
  );
}
