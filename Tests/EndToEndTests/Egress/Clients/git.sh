#!/bin/sh
# Clones a repository, adds a commit and pushes it: git.sh URL KEY KNOWN-HOSTS
set -eu
# OpenSSH wants a key that only its owner reads.
cp "$2" key
chmod 600 key
export GIT_SSH_COMMAND="ssh -i $PWD/key -o BatchMode=yes -o UserKnownHostsFile=$3 -o ConnectTimeout=10"
git clone --quiet "$1" words
cat words/file
cd words
branch=branch-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
git -c user.name=Test -c user.email=test@ground.test commit --quiet --allow-empty --message Second
git push --quiet origin "HEAD:refs/heads/$branch"
git ls-remote --exit-code origin "$branch" >/dev/null
