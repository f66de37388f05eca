# One image for the API, the workers and the one-shot jobs; what a container does is its command.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Only the embedded Postgres needs its install script, and it does not run in a container.
RUN npm ci --ignore-scripts
COPY . .
# The workflow bundle is built here, so that a restarted worker asks for work within a second.
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app ./
# A named volume takes over the owner of what it is mounted on. The program itself belongs to root: nobody who runs can change it.
RUN mkdir -p /var/lib/jingban/documents /var/lib/jingban/witness && chown -R node:node /var/lib/jingban
USER node
EXPOSE 8080
CMD ["node", "--enable-source-maps", "dist/api.js"]
