#!/usr/bin/env bash
# Builds the article's lab: a kind cluster, the fabric around it, and Cilium with its BGP control plane.
set -e

kind create cluster --name cilium-bgp --config kind.yaml
clab deploy -t lab.clab.yml
# the gateway's address as the article's tables show it; docker draws another one on every machine
ip link set dev br-cilium-bgp address 02:42:2e:c6:82:de

helm repo add cilium https://helm.cilium.io
helm install cilium cilium/cilium --version 1.16.0 --namespace kube-system \
  --set kubeProxyReplacement=true \
  --set routingMode=native \
  --set ipv4NativeRoutingCIDR=10.0.0.0/8 \
  --set ipam.mode=kubernetes \
  --set loadBalancer.mode=dsr \
  --set bgpControlPlane.enabled=true \
  --set k8sServiceHost=10.0.5.11 \
  --set k8sServicePort=6443
kubectl wait --for=condition=Ready nodes --all --timeout=300s
