#!/usr/bin/env bash
# The lab of the article's second part in one go: L2 announcements from the start, five nginx pods in rack 1, and a client
# in rack 0 next to the nodes that announce.
set -e

kind create cluster --name cilium-bgp --config kind.yaml
clab deploy -t lab.clab.yml
helm install cilium cilium/cilium --version 1.16.0 --namespace kube-system \
  --set kubeProxyReplacement=true \
  --set routingMode=native \
  --set ipv4NativeRoutingCIDR=10.0.0.0/8 \
  --set ipam.mode=kubernetes \
  --set loadBalancer.mode=dsr \
  --set bgpControlPlane.enabled=true \
  --set l2announcements.enabled=true \
  --set k8sServiceHost=10.0.5.11 \
  --set k8sServicePort=6443
kubectl wait --for=condition=Ready nodes --all --timeout=300s
kubectl apply -f manifests/bgp.yaml -f manifests/l2.yaml -f manifests/nginx-l2.yaml
# pods in the other rack, so that they outlive the nodes that announce
kubectl patch deployment nginx-deployment -p '{"spec":{"template":{"spec":{"nodeSelector":{"rack":"rack1"}}}}}'
kubectl rollout status deployment/nginx-deployment --timeout=120s
clab deploy -t clab-test-client.yaml
