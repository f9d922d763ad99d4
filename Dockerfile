# One image for every program of Granary; the command says which one runs.
FROM node:24.11-bookworm-slim AS build
WORKDIR /granary
COPY . .
RUN npm ci && npm run build && npm prune --omit=dev

FROM node:24.11-bookworm-slim
WORKDIR /granary
ENV NODE_ENV=production
# Named volumes take the owner of the folder that they are first mounted on.
RUN mkdir -p /data /network && chown -R node:node /data /network
COPY --from=build /granary /granary
USER node
ENTRYPOINT ["node"]
