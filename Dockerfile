# One image a program, each with the packages of that program and nothing else: `docker build --target api .`, or
# custodian, cli, chain. `npm run images` takes the same steps without Docker, starts each program and prints its size.
ARG NODE=24.11.1-bookworm-slim

FROM node:${NODE} AS manifests
WORKDIR /granary
COPY package.json package-lock.json .npmrc ./
COPY libs/protocol/package.json libs/protocol/
COPY libs/sealing/package.json libs/sealing/
COPY libs/sdk/package.json libs/sdk/
COPY libs/operation/package.json libs/operation/
COPY apps/api/package.json apps/api/
COPY apps/custodian/package.json apps/custodian/
COPY apps/cli/package.json apps/cli/
COPY apps/web/package.json apps/web/

FROM manifests AS build
RUN npm ci
COPY . .
RUN npm run build && node scripts/anvil.mjs /granary/anvil

# Production packages of one program; of the command line's none that only the embedded network needs (they are optional).
# Types, source maps and the engines of other databases stay behind.
FROM manifests AS api-modules
RUN npm ci --omit=dev --omit=peer --omit=optional --workspace=@granary/api \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
  && find node_modules/@prisma/client/runtime -type f \( -name '*mysql*' -o -name '*sqlite*' -o -name '*sqlserver*' -o -name '*cockroach*' \) -delete
FROM manifests AS custodian-modules
RUN npm ci --omit=dev --omit=peer --omit=optional --workspace=@granary/custodian \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
FROM manifests AS cli-modules
RUN npm ci --omit=dev --omit=peer --omit=optional --workspace=@granary/cli \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM node:${NODE} AS program
WORKDIR /granary
# Left to itself, glibc keeps what each of Node's threads has freed for that thread: resident memory then grows for long.
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
# The image runs `node` and nothing else: no package manager in it. Named volumes take the owner of the folder that they
# are first mounted on.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
  && mkdir -p /data /network && chown -R node:node /data /network
USER node
ENTRYPOINT ["node"]
LABEL org.opencontainers.image.vendor="Granary" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="0.1.0"

FROM program AS api
LABEL org.opencontainers.image.title="Granary API" \
  org.opencontainers.image.description="REST API and web app: stores sealed files, relays signed messages, indexes the chain"
COPY --from=api-modules /granary ./
COPY --from=build /granary/libs/protocol/dist libs/protocol/dist/
COPY --from=build /granary/libs/sealing/dist libs/sealing/dist/
COPY --from=build /granary/libs/operation/dist libs/operation/dist/
COPY --from=build /granary/apps/api/dist apps/api/dist/
COPY --from=build /granary/apps/web/dist apps/web/dist/
COPY --from=build /granary/prisma/migrations prisma/migrations/
CMD ["apps/api/dist/main.js"]
HEALTHCHECK --interval=10s --timeout=6s --retries=12 CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 4280) + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

FROM program AS custodian
# Once it freed something large, glibc would keep as much, and twice that, for the next time. The API, which moves large
# buffers all day, has use for that.
ENV MALLOC_TRIM_THRESHOLD_=131072
LABEL org.opencontainers.image.title="Granary custodian" \
  org.opencontainers.image.description="One member of the committee that holds the keys"
COPY --from=custodian-modules /granary ./
COPY --from=build /granary/libs/protocol/dist libs/protocol/dist/
COPY --from=build /granary/libs/sealing/dist libs/sealing/dist/
COPY --from=build /granary/libs/operation/dist libs/operation/dist/
COPY --from=build /granary/apps/custodian/dist apps/custodian/dist/
CMD ["apps/custodian/dist/main.js"]
HEALTHCHECK --interval=10s --timeout=6s --retries=12 CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

FROM program AS cli
LABEL org.opencontainers.image.title="Granary command line" \
  org.opencontainers.image.description="Deploys the contracts, names the committee, and everything else a person does"
COPY --from=cli-modules /granary ./
COPY --from=build /granary/libs/protocol/dist libs/protocol/dist/
COPY --from=build /granary/libs/sealing/dist libs/sealing/dist/
COPY --from=build /granary/libs/sdk/dist libs/sdk/dist/
COPY --from=build /granary/libs/operation/dist libs/operation/dist/
COPY --from=build /granary/apps/cli/bin apps/cli/bin/
COPY --from=build /granary/apps/cli/dist apps/cli/dist/
COPY --from=build /granary/contracts/out/DatasetRegistry.sol contracts/out/DatasetRegistry.sol/
COPY --from=build /granary/contracts/out/TrainerRegistry.sol contracts/out/TrainerRegistry.sol/
COPY --from=build /granary/contracts/out/CustodianCommittee.sol contracts/out/CustodianCommittee.sol/
COPY --from=build /granary/contracts/out/AccessRequests.sol contracts/out/AccessRequests.sol/
COPY --from=build /granary/contracts/out/RewardPool.sol contracts/out/RewardPool.sol/
COPY --from=build /granary/contracts/out/GrainToken.sol contracts/out/GrainToken.sol/
COPY --from=build /granary/contracts/out/GranaryGovernor.sol contracts/out/GranaryGovernor.sol/
COPY --from=build /granary/contracts/out/Timelock.sol contracts/out/Timelock.sol/
COPY --from=build /granary/contracts/out/TestToken.sol contracts/out/TestToken.sol/
CMD ["apps/cli/bin/granary.js", "--help"]

# A development chain: the same anvil that the tests run on. Not for anything of value.
FROM program AS chain
LABEL org.opencontainers.image.title="Granary development chain" \
  org.opencontainers.image.description="anvil with its state in /data"
COPY --from=build /granary/anvil /usr/local/bin/anvil
ENTRYPOINT ["anvil"]
CMD ["--host", "0.0.0.0"]
