/** What package managers print, as they print it: apt 2.6 and dnf 4.14 were recorded, the others follow their sources. */
import type { CommandOutput } from './command.ts';

export function said(stdout: string, more: Partial<CommandOutput> = {}): CommandOutput {
  return { exitCode: 0, stdout, stderr: '', took: 1, ...more };
}

export const APT_POLICY = `libssl3:
  Installed: 3.0.19-1~deb12u2
  Candidate: 3.0.22-1~deb12u2
  Version table:
     3.0.22-1~deb12u2 500
        500 http://mirror.example/debian-security bookworm-security/main amd64 Packages
     3.0.20-1~deb12u2 500
        500 http://mirror.example/debian bookworm/main amd64 Packages
 *** 3.0.19-1~deb12u2 100
        100 /var/lib/dpkg/status
libgone:
  Installed: (none)
  Candidate: (none)
  Version table:
libc6:i386:
  Installed: 2.36-9+deb12u10
  Candidate: 2.36-9+deb12u13
  Version table:
     2.36-9+deb12u13 500
        500 http://mirror.example/debian bookworm/main i386 Packages
`;

export const APT_SIMULATION = `NOTE: This is only a simulation!
      apt-get needs root privileges for real execution.
Reading package lists...
Building dependency tree...
Reading state information...
The following additional packages will be installed:
  libssl3
The following packages will be upgraded:
  libc6:i386 libssl3 openssl
Remv libold [1.0-2] [openssl:amd64 ]
Inst libssl3 [3.0.19-1~deb12u2] (3.0.22-1~deb12u2 Debian-Security:12/oldstable-security [amd64]) [openssl:amd64 ]
Inst openssl [3.0.19-1~deb12u2] (3.0.22-1~deb12u2 Debian-Security:12/oldstable-security, Debian:12.15/oldstable [amd64])
Inst libc6:i386 [2.36-9+deb12u10] (2.36-9+deb12u13 Debian:12.15/oldstable [i386]) []
Inst libnew (0.5-1 Debian:12.15/oldstable [all])
Inst libback [2.0-1] (1.9-1 Debian:12.15/oldstable [amd64])
Conf libssl3 (3.0.22-1~deb12u2 Debian-Security:12/oldstable-security [amd64])
Conf openssl (3.0.22-1~deb12u2 Debian-Security:12/oldstable-security [amd64])
`;

export const APK_POLICY = `libcrypto3 policy:
  3.1.4-r0:
    lib/apk/db/installed
  3.1.8-r0:
    https://mirror.example/alpine/v3.19/main
  3.5.0-r0:
    @edge https://mirror.example/alpine/edge/main
busybox policy:
  1.36.1-r15:
    usr/lib/apk/db/installed
    https://mirror.example/alpine/v3.19/main
`;

export const APK_SIMULATION = `fetch https://mirror.example/alpine/v3.19/main/x86_64/APKINDEX.tar.gz
(1/6) Upgrading libcrypto3 (3.1.4-r0 -> 3.1.8-r0)
(2/6) Upgrading libssl3 (3.1.4-r0 -> 3.1.8-r0)
(3/6) Installing libnew (1.2_pre3-r1)
(4/6) Purging libold (1.0-r0)
(5/6) Downgrading zlib (1.3.1-r0 -> 1.3-r0)
(6/6) Replacing musl@edge (1.2.5-r0 -> 1.2.5-r0)
Executing busybox-1.36.1-r15.trigger
OK: 8 MiB in 15 packages
`;

export const DNF_QUERY =
  'openssl-libs\t1:3.0.7-28.el9\tx86_64\n\nopenssl-libs\t1:3.0.7-28.el9\ti686\n\nzlib\t0:1.2.11-40.el9\tx86_64\n\n';

export const DNF_SIMULATION = `Last metadata expiration check: 0:00:02 ago on Sat Nov 21 06:50:11 2026.
Dependencies resolved.
================================================================================
 Package                                           Arch   Version   Repo   Size
================================================================================
Installing:
 demo-new                                          noarch 2.0-1     local 5.5 k
     replacing  demo-old.noarch 1.0-1
Upgrading:
 demo                                              noarch 1:3.0.7-2 local 5.5 k
 demo-a-library-with-a-rather-long-name-for-wrapping
                                                   noarch 1:3.0.7-2 local 5.5 k
Installing dependencies:
 demo-needed                                       noarch 0:1-1     local 5.5 k
Removing dependent packages:
 demo-user                                         noarch 1-1       @System 0  
Downgrading:
 demo-down                                         x86_64 1-1       local 5.5 k

Transaction Summary
================================================================================
Install    2 Packages
Upgrade    2 Packages
Remove     1 Package

Total size: 11 k
Operation aborted.
`;

export const DNF5_SIMULATION = `Updating and loading repositories:
Repositories loaded.
Package                  Arch   Version         Repository      Size
Upgrading:
 openssl-libs            x86_64 1:3.2.2-3.fc41  updates      7.8 MiB
   replacing openssl-libs x86_64 1:3.2.1-2.fc41 anaconda     7.8 MiB

Transaction Summary:
 Upgrading:         1 package
 Replacing:         1 package

Total size of inbound packages is 2 MiB. Need to download 2 MiB.
Operation aborted by the user.
`;

export const MICRODNF_QUERY = `Downloading metadata...
openssl-libs-1:3.0.7-27.el9.x86_64
openssl-libs-1:3.0.7-28.el9.x86_64
libstdc++-11.4.1-3.el9.x86_64
`;

export const MICRODNF_SIMULATION = `Downloading metadata...
Package                                     Repository              Size
Upgrading:                                                              
 openssl-libs-1:3.0.7-28.el9.x86_64         ubi-9-baseos-rpms     2.3 MB
  replacing openssl-libs-1:3.0.7-27.el9.x86_64                          
Transaction Summary:
 Installing:        0 packages
 Reinstalling:      0 packages
 Upgrading:         1 packages
 Obsoleting:        0 packages
 Removing:          0 packages
 Downgrading:       0 packages
Operation aborted.
`;

export const TDNF_CHECK_UPDATE = `Loaded plugin: tdnfrepogpgcheck
Refreshing metadata for: 'Azure Linux Official Base 3.0 x86_64'
curl.x86_64                                   8.8.0-2.azl3           azurelinux-official-base
openssl-libs.x86_64                           3.3.2-1.azl3           azurelinux-official-base
`;

export const TDNF_SIMULATION = `
Upgrading:
openssl-libs     x86_64     3.3.2-1.azl3     azurelinux-official-base   6.62M     2.51M
openssl          x86_64     3.3.2-1.azl3     azurelinux-official-base 942.11k   604.93k

Total installed size:   7.54M
Total download size:   3.10M
Error(1032) : Operation aborted.
`;

export const YUM_CHECK_UPDATE = `
openssl-libs.x86_64            1:1.0.2k-24.amzn2.0.14                 amzn2-core
python-a-package-with-a-long-name-that-is-broken.noarch
                               2.7.18-1.amzn2.0.9                     amzn2-core
Obsoleting Packages
grub2.x86_64                   1:2.06-9.amzn2                         amzn2-core
    grub2.x86_64               1:2.06-2.amzn2                         installed
`;

export const YUM_SIMULATION = `Loaded plugins: ovl, priorities
Resolving Dependencies
--> Running transaction check
---> Package openssl-libs.x86_64 1:1.0.2k-24.amzn2.0.7 will be updated
---> Package openssl-libs.x86_64 1:1.0.2k-24.amzn2.0.14 will be an update
--> Finished Dependency Resolution

Dependencies Resolved

================================================================================
 Package         Arch      Version                         Repository      Size
================================================================================
Updating:
 openssl-libs    x86_64    1:1.0.2k-24.amzn2.0.14          amzn2-core     1.2 M
Updating for dependencies:
 openssl-with-a-very-long-name-indeed
                 x86_64    1:1.0.2k-24.amzn2.0.14          amzn2-core     497 k

Transaction Summary
================================================================================
Upgrade  1 Package (+1 Dependent package)

Total size: 1.7 M
Exiting on user command
`;

export const ZYPPER_LIST = `Loading repository data...
Reading installed packages...
S | Repository          | Name          | Current Version         | Available Version       | Arch
--+---------------------+---------------+-------------------------+-------------------------+-------
v | SLE_BCI             | libopenssl3   | 3.1.4-150600.5.7.1      | 3.1.4-150600.5.15.1     | x86_64
v | SLE_BCI             | glibc         | 2.38-150600.12.1        | 2.38-150600.14.5.1      | x86_64
`;

export const ZYPPER_SIMULATION = `Loading repository data...
Reading installed packages...
Resolving package dependencies...

The following 2 packages are going to be upgraded:
  glibc        2.38-150600.12.1 -> 2.38-150600.14.5.1      x86_64  SLE_BCI  SUSE LLC <https://www.suse.com/>
  libopenssl3  3.1.4-150600.5.7.1 -> 3.1.4-150600.5.15.1   x86_64  SLE_BCI  SUSE LLC <https://www.suse.com/>

The following NEW package is going to be installed:
  libnew1  1.0-1.2  noarch  SLE_BCI  SUSE LLC <https://www.suse.com/>

The following package is going to be REMOVED:
  libold1  0.9-1.1  x86_64

The following item is locked and will not be changed by any action:
 Available:
  plymouth

2 packages to upgrade, 1 new, 1 to remove.
Overall download size: 4.9 MiB. Already cached: 0 B. After the operation, additional 32.0 B will be used.
Continue? [y/n/v/...? shows all options] (y): y
`;
