interfaces {
    ethernet eth1 {
        address "10.0.10.1/24"
    }
    ethernet eth2 {
        address "10.0.102.2/24"
    }
    ethernet eth3 {
        address "10.0.104.2/24"
    }
    loopback lo {
    }
}
protocols {
    bgp {
        address-family {
            ipv4-unicast {
                network 10.0.10.0/24 {
                }
            }
        }
        neighbor 10.0.10.11 {
            address-family {
                ipv4-unicast {
                    nexthop-self {
                    }
                    route-reflector-client
                }
            }
            remote-as "65010"
        }
        neighbor 10.0.10.12 {
            address-family {
                ipv4-unicast {
                    nexthop-self {
                    }
                    route-reflector-client
                }
            }
            remote-as "65010"
        }
        neighbor 10.0.102.1 {
            address-family {
                ipv4-unicast {
                }
            }
            remote-as "500"
        }
        neighbor 10.0.104.1 {
            address-family {
                ipv4-unicast {
                }
            }
            remote-as "800"
        }
        parameters {
            bestpath {
                as-path {
                    multipath-relax
                }
            }
            router-id "10.0.10.1"
        }
        system-as "65010"
    }
}
system {
    host-name "leaf02"
    config-management {
        commit-revisions "100"
    }
    console {
        device ttyS0 {
            speed "115200"
        }
    }
}


// Warning: Do not remove the following line.
// vyos-config-version: "bgp@4:broadcast-relay@1:cluster@1:config-management@1:conntrack@3:conntrack-sync@2:container@1:dhcp-relay@2:dhcp-server@6:dhcpv6-server@1:dns-dynamic@1:dns-forwarding@4:firewall@10:flow-accounting@1:https@4:ids@1:interfaces@29:ipoe-server@1:ipsec@12:isis@3:l2tp@4:lldp@1:mdns@1:monitoring@1:nat@5:nat66@1:ntp@2:openconnect@2:ospf@2:policy@5:pppoe-server@6:pptp@2:qos@2:quagga@11:rip@1:rpki@1:salt@1:snmp@3:ssh@2:sstp@4:system@26:vrf@3:vrrp@3:vyos-accel-ppp@2:wanloadbalance@3:webproxy@2"
// Release version: 1.4-rolling-202306080317
