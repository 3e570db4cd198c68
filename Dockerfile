# The bridge from a broker to the bus: docker build -t omps-bridge .
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /bridge
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY lib/telemetry lib/telemetry
COPY bridge bridge
COPY bin/bridge.ts bin/bridge.ts
USER node
ENTRYPOINT ["node", "bin/bridge.ts"]
