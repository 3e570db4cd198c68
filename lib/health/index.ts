export {
  checkHealth,
  HEALTH_TIMEOUT_MS,
  type HealthReport,
  type HealthTools,
  type ServiceState,
} from "./health.ts";
