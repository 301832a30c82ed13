#!/usr/bin/env bash
# kubeconfig.sh [CONTEXT]: prints the kubeconfig that lets a sync worker elsewhere into a cluster, after `kubectl apply -k` of this directory.
# The address is the one that your own kubeconfig has: it must be reachable from the worker.
set -euo pipefail

context=${1:-$(kubectl config current-context)}
cluster=$(kubectl config view -o "jsonpath={.contexts[?(@.name==\"$context\")].context.cluster}")
server=$(kubectl config view -o "jsonpath={.clusters[?(@.name==\"$cluster\")].cluster.server}")
secret() { kubectl --context "$context" -n gatehouse-sync get secret sync-token -o "jsonpath={.data.$1}"; }
authority=$(secret 'ca\.crt')
token=$(secret token | base64 -d)
if [ -z "$token" ]; then
  echo "The Secret sync-token has no token yet: try again in a moment." >&2
  exit 1
fi
cat <<YAML
apiVersion: v1
kind: Config
current-context: gatehouse
contexts:
  - name: gatehouse
    context: {cluster: gatehouse, user: sync}
clusters:
  - name: gatehouse
    cluster:
      server: $server
      certificate-authority-data: $authority
users:
  - name: sync
    user:
      token: $token
YAML
